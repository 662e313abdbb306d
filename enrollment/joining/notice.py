"""What a worker is told before anything is collected, and agrees to (告知同意), PRIV-1 … PRIV-7.

Whoever changes a word here gives the texts a new version; each application keeps the words it was sent with.
"""

import hashlib
from dataclasses import dataclass

from flask import current_app
from flask_babel import get_locale, gettext

VERSION = "2026-12"
"""Version of the notice and of the two consents."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The texts as they stand on the form, in the language they are read in."""

    version: str
    language: str
    lines: tuple[str, ...]
    identity_consent: str
    sharing_consent: str

    @property
    def text(self) -> str:
        """All of it word for word, a line each."""
        return "\n".join((*self.lines, self.identity_consent, self.sharing_consent))

    @property
    def digest(self) -> str:
        """SHA-256 of version, language and text: the name these words are kept under."""
        return hashlib.sha256(f"{self.version}\n{self.language}\n{self.text}".encode()).hexdigest()


def notice() -> Notice:
    """The notice and consents in the language of the request, with the periods in force here."""
    periods = current_app.config["ENROLLMENT"].periods
    lines = (
        gettext("Who: the county union that handles your application, and the union you join."),
        gettext("What for: to check the application, to reach you, to keep the register of members."),
        gettext(
            "What: name, identity number with the sex and birth date in it, phone, work, company and how you stand to "
            "it, how many you employ, places of work and residence; a plate if you give one; who filled it in for you."
        ),
        gettext(
            "Why the identity number: only it tells people of one name apart. In wrong hands it can do harm, "
            "so it is kept encrypted, and every look at it is written down for you to read."
        ),
        gettext(
            "Passed on: the phone number to the company that carries the messages; nothing else to anybody, unless you "
            "agree below to the upper union's database."
        ),
        gettext(
            "How long: while you are a member, and phone, work and places for %(former)s days after; name, number and "
            "dates stay in the archive. What was not accepted: %(refused)s days, or until you ask to delete it.",
            former=periods.former_member,
            refused=periods.refused,
        ),
        gettext(
            "Your rights: see, copy, correct and delete it, and take back your agreement, on your page or by phone."
        ),
        gettext("Your employer sees none of it."),
    )
    return Notice(
        VERSION,
        str(get_locale()),
        lines,
        gettext("I agree that the union uses my identity number to handle this application."),
        gettext(
            "I agree that my name, number and phone go into the database of the prefecture's union, "
            "for its register of members. You may leave this out."
        ),
    )
