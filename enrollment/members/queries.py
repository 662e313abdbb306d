"""Members of a territory on a date: one selection behind list, count and export; one person with the whole history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select

from enrollment.rules import ledger as rules
from enrollment.rules.access import Scope
from enrollment.rules.regions import Territory
from enrollment.storage.accounts import Account
from enrollment.storage.applications import Application, JoinDetails, RequestDetails
from enrollment.storage.applications import lies_in as application_lies_in
from enrollment.storage.database import db
from enrollment.storage.ledger import LedgerEntry, MemberChange, Membership, counts
from enrollment.storage.people import Person
from enrollment.storage.unions import Employer, Union, lies_in
from enrollment.storage.vault import vault
from enrollment.web.export import as_text
from enrollment.web.filters import region_name
from enrollment.web.lists import FIRST, Chosen, Found, Page, Place, page_of, rows_of
from enrollment.web.wording import word_for


@dataclass(frozen=True, slots=True)
class Filters:
    """``group`` is a word of the rulebook; ``union`` and ``employer`` are codes."""

    group: str = ""
    union: str = ""
    employer: str = ""

    @property
    def of_persons(self) -> bool:
        """Whether persons are told apart, so that the sums per union do not answer."""
        return bool(self.group or self.employer)


EVERYBODY = Filters()
NOBODY: Sequence[Found] = ()
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a person's ledger, with words for it."""

    kind: str
    union_code: str
    union_name: str
    effective_on: date
    recorded_at: datetime
    recorded_by: str
    document: str
    voided: bool


@dataclass(frozen=True, slots=True)
class OnePerson:
    """What a cadre sees of a person. ``scope``: who may see it, see ``one_person``."""

    facts: Found
    scope: Scope
    standing: rules.Standing
    union_code: str
    union_name: str
    lines: list[Line]
    applications: Sequence[Found]


def members(territory: Territory, as_of: date, filters: Filters = EVERYBODY, place: Place = FIRST) -> Page:
    """A page of the members on ``as_of``, union by union, in each by the day they joined it."""
    key = (Membership.union_id, Membership.from_on, Membership.id)
    total = number_of_members(territory, as_of, filters)
    return page_of(_chosen(territory, as_of, filters), key, Person.code, place, total)


def number_of_members(territory: Territory, as_of: date, filters: Filters = EVERYBODY) -> int:
    """How many ``members`` there are in all (STAT-6): from the sums per union where no filter looks at persons."""
    if filters.of_persons:
        chosen = _chosen(territory, as_of, filters).with_only_columns(func.count())
        return db.session.scalar(chosen) or 0
    changes = select(func.sum(MemberChange.change)).join(Union, Union.id == MemberChange.union_id)
    changes = changes.where(MemberChange.changed_on <= as_of, *_in_unions(territory, filters))
    return db.session.scalar(changes) or 0


def export_rows(
    territory: Territory, as_of: date, filters: Filters = EVERYBODY, *, full: bool = False, masked: bool = True
) -> tuple[list[str], Iterator[tuple[object, ...]]]:
    """Headings, and the rows of ``members`` one after the other as they are read.

    ``full``: numbers as they are; else ``masked``, or not at all.
    """
    header = [
        _("Name"),
        _("Sex"),
        _("Work"),
        _("Union"),
        _("County"),
        _("Employer"),
        _("Member since"),
        _("Identity number"),
        _("Mobile number"),
        _("Member code"),
    ]
    statement = _chosen(territory, as_of, filters).order_by(Membership.union_id, Membership.from_on, Membership.id)
    if full:
        statement = statement.add_columns(Person.identity, Person.phone)
    if not masked:
        header = [heading for heading in header if heading not in (_("Identity number"), _("Mobile number"))]
    return header, (_line_of_file(row, full=full, masked=masked) for row in rows_of(statement))


def with_number(territory: Territory, numbers: dict[str, str]) -> Sequence[Found]:
    """Persons of the territory with this identity number or phone; ``numbers``: purpose → normal form.

    A person elsewhere and nobody at all are the same empty answer.
    """
    columns = {"identity": Person.identity_match, "phone": Person.phone_match}
    matches = [columns[purpose] == vault.match(number, purpose) for purpose, number in numbers.items()]
    return _persons(territory, or_(*matches))


def with_name(territory: Territory, begins: str) -> Sequence[Found]:
    """Persons of the territory, of today and of before, whose name begins so."""
    return _persons(territory, Person.name.startswith(begins, autoescape=True))


def with_code(territory: Territory, code: str) -> Sequence[Found]:
    """The person with this code, where it is one of the territory."""
    return _persons(territory, Person.code == code)


def _persons(territory: Territory, condition: ColumnElement[bool]) -> Sequence[Found]:
    """Name and masked numbers."""
    found = select(Person.code, Person.name, Person.identity_masked, Person.phone_masked)
    found = found.where(condition, _of_territory(territory)).order_by(Person.name, Person.code)
    return db.session.execute(found.limit(MOST_FOUND)).all()


def one_person(territory: Territory, code: str, today: date) -> OnePerson | None:
    """One person with standing today, ledger and applications; None when not there.

    A person belongs to the county of the union of the latest entry that counts, and to that of an open membership; who
    has none was no member on any day. Applications are those of the territory.
    """
    facts = db.session.execute(_facts(code)).first()
    if facts is None:
        return None
    entries = db.session.execute(_entries(facts.id)).all()
    voided = {entry.LedgerEntry.corrects_id for entry in entries}
    voided |= {entry.LedgerEntry.id for entry in entries if entry.LedgerEntry.kind == rules.EntryKind.CORRECTED}
    counting = [entry for entry in entries if entry.LedgerEntry.id not in voided]
    scopes = [Scope(entry.county_code, entry.LedgerEntry.union_id) for entry in counting[-1:]]
    scopes.append(Scope(facts.membership_county or "", facts.membership_union))
    position = rules.standing_on([entry.LedgerEntry.as_fact() for entry in entries], today)
    held = next((entry for entry in entries if str(entry.LedgerEntry.union_id) == position.union), None)
    return OnePerson(
        facts=facts,
        scope=next((scope for scope in scopes if _is_of(scope, territory)), Scope("")),
        standing=position.standing,
        union_code=_code_to_open(territory, held) if held else "",
        union_name=held.union_name if held else "",
        lines=_lines(territory, entries),
        applications=db.session.execute(_applications(territory, facts)).all(),
    )


def _is_of(scope: Scope, territory: Territory) -> bool:
    return scope.union == territory.union if territory.union else territory.covers(scope.county)


def chosen_names(territory: Territory, filters: Filters) -> tuple[str, str]:
    """Names of the union and the employer filtered by, empty where not or not in the territory."""
    union = select(Union.name).where(Union.code == filters.union, lies_in(territory))
    employer = select(Employer.name).where(Employer.code == filters.employer)
    employer = employer.where(Employer.county_code.in_(territory.counties))
    found = db.session.execute(select(union.scalar_subquery(), employer.scalar_subquery())).one()
    return found[0] or "", found[1] or ""


def _chosen(territory: Territory, as_of: date, filters: Filters) -> Chosen:
    """The one selection: members on the day, from ``from_on`` (inclusive) until ``until_on`` (exclusive)."""
    chosen = (
        select(
            Person.code,
            Person.name,
            Person.sex,
            Person.group,
            Person.identity_masked,
            Person.phone_masked,
            Membership.from_on,
            Union.code.label("union_code"),
            Union.name.label("union_name"),
            Union.county_code,
            Employer.name.label("employer_name"),
        )
        .select_from(Membership)
        .join(Union, Union.id == Membership.union_id)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Employer, Employer.id == Person.employer_id)
        .where(Membership.from_on <= as_of, or_(Membership.until_on.is_(None), Membership.until_on > as_of))
        .where(*_in_unions(territory, filters))
    )
    if filters.group:
        chosen = chosen.where(Person.group == filters.group)
    if filters.employer:
        chosen = chosen.where(Employer.code == filters.employer)
    return chosen


def _in_unions(territory: Territory, filters: Filters) -> list[ColumnElement[bool]]:
    of_one = [Union.code == filters.union] if filters.union else []
    return [lies_in(territory), *of_one]


def _line_of_file(row: Found, *, full: bool, masked: bool) -> tuple[object, ...]:
    numbers: tuple[object, ...] = (row.identity_masked, row.phone_masked) if masked else ()
    if full:
        numbers = (as_text(row.identity), as_text(row.phone))
    return (
        row.name,
        word_for(row.sex, "sex"),
        word_for(row.group, "group"),
        row.union_name,
        region_name(row.county_code),
        row.employer_name,
        row.from_on,
        *numbers,
        row.code,
    )


def _of_territory(territory: Territory) -> ColumnElement[bool]:
    """The person's latest entry that counts, or an open membership, lies in the territory."""
    latest = select(func.max(LedgerEntry.id)).where(LedgerEntry.person_id == Person.id, counts()).correlate(Person)
    entered = select(LedgerEntry.id).join(Union, Union.id == LedgerEntry.union_id)
    entered = entered.where(LedgerEntry.id == latest.scalar_subquery(), lies_in(territory))
    held = select(Membership.id).join(Union, Union.id == Membership.union_id)
    held = held.where(Membership.person_id == Person.id, Membership.until_on.is_(None))
    held = held.where(lies_in(territory))
    return or_(entered.correlate(Person).exists(), held.correlate(Person).exists())


def _facts(code: str) -> Chosen:
    return (
        select(
            Person.id,
            Person.code,
            Person.name,
            Person.sex,
            Person.born_on,
            Person.group,
            Person.relation,
            Person.work_region,
            Person.home_region,
            Person.dropped_on,
            Person.identity_match,
            Person.identity_masked,
            Person.phone_masked,
            Employer.code.label("employer_code"),
            Employer.name.label("employer_name"),
            Employer.county_code.label("employer_county"),
            Union.county_code.label("membership_county"),
            Union.id.label("membership_union"),
        )
        .outerjoin(Employer, Employer.id == Person.employer_id)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.until_on.is_(None)))
        .outerjoin(Union, Union.id == Membership.union_id)
        .where(Person.code == code)
    )


def _entries(person_id: int) -> Chosen:
    """The ledger of a person in order of record."""
    return (
        select(
            LedgerEntry,
            Union.code.label("union_code"),
            Union.name.label("union_name"),
            Union.county_code,
            Account.name.label("recorded_by"),
        )
        .join(Union, Union.id == LedgerEntry.union_id)
        .outerjoin(Account, Account.id == LedgerEntry.account_id)
        .where(LedgerEntry.person_id == person_id)
        .order_by(LedgerEntry.id)
    )


def _lines(territory: Territory, entries: Sequence[Found]) -> list[Line]:
    voided = {entry.LedgerEntry.corrects_id for entry in entries}
    return [
        Line(
            kind=entry.LedgerEntry.kind,
            union_code=_code_to_open(territory, entry),
            union_name=entry.union_name,
            effective_on=entry.LedgerEntry.effective_on,
            recorded_at=entry.LedgerEntry.recorded_at,
            recorded_by=entry.recorded_by or "",
            document=entry.LedgerEntry.document,
            voided=entry.LedgerEntry.id in voided,
        )
        for entry in reversed(entries)
    ]


def _code_to_open(territory: Territory, entry: Found) -> str:
    """The union's code where its page is open to the reader, else empty."""
    return entry.union_code if _is_of(Scope(entry.county_code, entry.LedgerEntry.union_id), territory) else ""


def _applications(territory: Territory, facts: Found) -> Chosen:
    own = or_(JoinDetails.identity_match == facts.identity_match, RequestDetails.person_id == facts.id)
    return (
        select(Application.number, Application.kind, Application.state, Application.submitted_at)
        .outerjoin(JoinDetails, JoinDetails.application_id == Application.id)
        .outerjoin(RequestDetails, RequestDetails.application_id == Application.id)
        .where(own, application_lies_in(territory))
        .order_by(Application.id.desc())
    )
