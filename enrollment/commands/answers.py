"""Commands that ask the rulebook: ``check`` and ``answer``."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any, TextIO

import click
from flask_babel import force_locale, gettext

from enrollment import create_app
from enrollment.commands.options import Day, print_json, stop
from enrollment.rules import election, eligibility, founding, identity
from enrollment.rules.election import Ballot, Body, Candidate
from enrollment.rules.eligibility import Facts, Group, Relation
from enrollment.rules.founding import Depot, Unit
from enrollment.web import clock
from enrollment.web.language import LANGUAGES
from enrollment.web.wording import says


@click.command()
@click.argument("what", type=click.Choice(list(identity.CHECKS)))
@click.argument("value")
def check(what: str, value: str) -> None:
    """Print the normal form of VALUE; exit 1 with the reason when it is not one."""
    checked = identity.CHECKS[what](value, clock.today())
    if checked.ok:
        click.echo(checked.value)
        return
    with create_app().app_context():
        print_json({"reason": checked.reason, "says": says(checked.reason)})
    sys.exit(1)


@click.group()
def answer() -> None:
    """Ask the rulebook."""


@answer.command("join")
@click.argument("facts", type=click.File(encoding="utf-8"))
@click.option("--on", type=Day(), default=None, help="The day asked about; today by default.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="zh", help="The language of what a driver reads.")
def answer_join(facts: TextIO, on: date | None, lang: str) -> None:
    """Which unions may a worker join, and why? FACTS is a JSON file, - for standard input."""
    decided = eligibility.decide(_worker(_read(facts)), on or clock.today())
    with create_app().app_context(), force_locale(LANGUAGES[lang][0]):
        print_json(
            {
                "outcome": decided.outcome,
                "options": [
                    asdict(option) | {"says": says(option.reason) + gettext(".")} for option in decided.options
                ],
                "reasons": decided.reasons,
                "sources": decided.sources,
                "on": decided.on,
            }
        )


def _worker(told: Mapping[str, Any]) -> Facts:
    readers: dict[str, Callable[[Any], Any]] = {
        "group": Group,
        "relation": Relation,
        "birth_date": date.fromisoformat,
        "work_region": _text,
        "home_region": _text,
        "employer_has_union": _truth,
        "affiliate_admits": _truth,
        "hires": _count,
        "already_member": _truth,
    }
    known = {name: _fact(name, reader, told.get(name)) for name, reader in readers.items()}
    _mention_unknown(told, {field.name for field in fields(Facts)})
    return Facts(**known)


@answer.command("found")
@click.argument("facts", type=click.File(encoding="utf-8"))
@click.option("--on", type=Day(), default=None, help="The day asked about; today by default.")
def answer_found(facts: TextIO, on: date | None) -> None:
    """What union may these units form? FACTS is a JSON file, - for standard input."""
    day = on or clock.today()
    units = founding.fold(_units(_read(facts)))
    together = founding.stand_together(units, day)
    print_json(
        {
            "units": [
                {
                    "name": unit.name,
                    "members": unit.members,
                    "eligible_candidates": unit.eligible_candidates,
                    "must_form": unit.must_form,
                    "ways": asdict(founding.ways_for(unit, day)),
                }
                for unit in units
            ],
            "joint": asdict(together),
            "on": day,
        }
    )


def _units(told: Mapping[str, Any]) -> list[Unit]:
    _mention_unknown(told, {"units"})
    units = told.get("units")
    if not isinstance(units, list) or not units:
        stop("Facts need units: a list of legal units, each with name and depots.")
    return [_unit(unit) for unit in units]


def _unit(told: Any) -> Unit:  # noqa: ANN401
    if not isinstance(told, dict) or not isinstance(told.get("depots"), list):
        stop("Each unit needs a name and a list of depots.")
    depots = tuple(_depot(depot) for depot in told["depots"])
    return Unit(_fact("name", _text, told.get("name")) or "", depots)


def _depot(told: Any) -> Depot:  # noqa: ANN401
    if not isinstance(told, dict):
        stop("Each depot needs workers, members and barred.")
    workers, members, barred = (_fact(name, _count, told.get(name)) or 0 for name in ("workers", "members", "barred"))
    if members > workers or barred > workers:
        stop("A depot cannot have more members, or more barred people, than workers.")
    return Depot(workers, members, barred)


@answer.command("election")
@click.argument("facts", type=click.File(encoding="utf-8"))
@click.option("--on", type=Day(), default=None, help="The day of the meeting, where the facts name none.")
def answer_election(facts: TextIO, on: date | None) -> None:
    """Who is elected, or what must be voted on again? FACTS is a JSON file, - for standard input."""
    told = _read(facts)
    _mention_unknown(told, {*_COUNTED, "candidates", "notice_from", "meeting_on", "ballots_void", "body"})
    held = _fact("meeting_on", date.fromisoformat, told.get("meeting_on")) or on
    hung = _fact("notice_from", date.fromisoformat, told.get("notice_from"))
    if held is None or hung is None:
        stop("Facts need notice_from and meeting_on, each as YYYY-MM-DD.")
    result = election.count(_ballot(told), notice_from=hung, meeting_on=held)
    print_json(
        {
            "valid": result.valid,
            "quorum": result.quorum,
            "votes_needed": result.votes_needed,
            "elected": result.elected,
            "open_seats": result.open_seats,
            "reasons": result.reasons,
        }
    )


_COUNTED = ("entitled", "present", "ballots_issued", "ballots_returned", "seats")


def _ballot(told: Mapping[str, Any]) -> Ballot:
    counted = {name: _fact(name, _count, told.get(name)) for name in _COUNTED}
    missing = [name for name, number in counted.items() if number is None]
    if missing or not isinstance(told.get("candidates"), list):
        stop(f"Facts need {', '.join(missing or ['candidates: a list of name, yes and barred'])}.")
    if counted["entitled"] == 0 or counted["seats"] == 0:
        stop("There is nothing to elect without seats and people entitled to vote.")
    return Ballot(
        entitled=counted["entitled"],
        present=counted["present"],
        issued=counted["ballots_issued"],
        returned=counted["ballots_returned"],
        seats=counted["seats"],
        candidates=tuple(_candidate(each) for each in told["candidates"]),
        void=_fact("ballots_void", _count, told.get("ballots_void")) or 0,
        body=_fact("body", Body, told.get("body")) or Body.COMMITTEE,
    )


def _candidate(told: Any) -> Candidate:  # noqa: ANN401
    if not isinstance(told, dict) or not isinstance(told.get("name"), str):
        stop("Each candidate needs a name, the yes votes, and whether the law bars them.")
    return Candidate(
        told["name"],
        _fact("yes", _count, told.get("yes")) or 0,
        _fact("barred", _truth, told.get("barred")) or False,
    )


def _fact(name: str, reader: Callable[[Any], Any], value: Any) -> Any:  # noqa: ANN401
    try:
        return None if value is None else reader(value)
    except (ValueError, TypeError):
        stop(f"The fact {name} cannot be {json.dumps(value, ensure_ascii=False)}.")


def _truth(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, bool):
        raise TypeError
    return value


def _count(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError
    return value


def _text(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str):
        raise TypeError
    return value


def _read(file: TextIO) -> dict[str, Any]:
    try:
        told = json.load(file)
    except ValueError:
        stop("The facts are not JSON.")
    if not isinstance(told, dict):
        stop("The facts must be one JSON object.")
    return told


def _mention_unknown(told: Mapping[str, Any], known: set[str]) -> None:
    for name in sorted(set(told) - known):
        click.echo(f"The fact {name} is not known and was passed over.", err=True)
