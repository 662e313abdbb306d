"""The guide's questions and answers in plain words. Every code of ``rules/guide.py`` has its words here."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from enrollment.rules.guide import CORPS, OUTSIDE, SAME, UNSURE, Question
from enrollment.rules.regions import REGIONS
from enrollment.web.wording import GROUPS

QUESTIONS = {
    "group": _("What work do you do?"),
    "pay": _("Who pays you?"),
    "contract": _("Did you sign a contract with that company?"),
    "papers": _("Whose name is on the truck's papers?"),
    "hires": _("Do you employ anyone?"),
    "work_county": _("Where do you work?"),
    "work_region": _("In which township do you work?"),
    "home_county": _("Where do you live?"),
    "home_region": _("In which township do you live?"),
    "employer_name": _("What is the company called?"),
    "company_union": _("Does it have a union that takes you in?"),
}

HELP = {
    "pay": _("Choose what fits best. There is no wrong answer."),
    "papers": _("The vehicle license (行驶证) says who owns it."),
    "hires": _("People you pay to drive or deliver for you. Family who help without pay do not count."),
    "work_county": _("Where you are most days. For drivers: where you load, or where the company is."),
    "employer_name": _("As it stands on the sign, the contract or the vehicle license."),
}

ANSWERS: dict[str, Mapping[str, object]] = {
    "group": GROUPS,
    "pay": {
        "wage": _("A company, a wage every month"),
        "station": _("A station or contractor, by the piece"),
        "app": _("The app, order by order; I work when I like"),
        "several": _("Several: I work for more than one"),
        "agency": _("A staffing agency that sent me to a company"),
        "truck_owner": _("The owner of the truck I drive"),
        "myself": _("Nobody: I work on my own account"),
        "pension": _("I draw a pension and work besides"),
        UNSURE: _("None of these, or I do not know"),
    },
    "contract": {
        "signed": _("Yes, with that company"),
        "not_signed": _("No, or I do not know"),
        "agency": _("With a staffing agency that sent me there"),
        "pension": _("I am retired and was hired again"),
    },
    "papers": {
        "company": _("A company's"),
        "person": _("A person's: mine or the owner's"),
        UNSURE: _("I do not know"),
    },
    "hires": {
        "0": _("No, nobody"),
        "1": _("Yes, one person"),
        "2": _("Yes, two people"),
        "3": _("Yes, three or more"),
    },
    "company_union": {"yes": _("Yes, it takes me in"), "no": _("No, or it has none"), UNSURE: _("I do not know")},
}

TRUCK_PAYERS = {
    "myself": _("Nobody: the truck is my own"),
    "app": _("The app, load by load"),
}

_PLACES = {
    CORPS: _("A farm of the Corps, or Wujiaqu"),
    OUTSIDE: _("Somewhere else"),
    SAME: _("Where I work"),
}


def words(question: Question, answer: str, told: Mapping[str, str]) -> str:
    """The words of one answer, in the language of the request."""
    if answer in _PLACES:
        return str(_PLACES[answer])
    if question in ANSWERS:
        truck = question is Question.PAY and told.get(Question.GROUP) == "truck_driver"
        return str((TRUCK_PAYERS if truck else {}).get(answer) or ANSWERS[question][answer])
    whole = question in {Question.WORK_REGION, Question.HOME_REGION} and answer == told.get(_COUNTY_OF[question])
    name = REGIONS[answer].name
    return gettext("Elsewhere in %(place)s, or I do not know", place=name) if whole else name


_COUNTY_OF = {Question.WORK_REGION: Question.WORK_COUNTY, Question.HOME_REGION: Question.HOME_COUNTY}
