"""Every code a rule can return has its words; every kind and every season its place."""

import ast
import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from enrollment.rules import (
    access,
    applications,
    candidates,
    coverage,
    desks,
    election,
    eligibility,
    founding,
    identity,
    kinds,
    ledger,
    meetings,
    pairing,
    papers,
    rates,
    reminders,
    requests,
    retention,
    stages,
    union_names,
    welfare,
)
from enrollment.rules.eligibility import Facts, Group, Relation
from enrollment.rules.founding import Depot, Unit
from enrollment.settings import ROOT
from enrollment.storage import moves
from enrollment.unions import actions
from enrollment.web import (
    wording,
    words_of_accounts,
    words_of_coverage,
    words_of_desk,
    words_of_founding,
    words_of_matching,
    words_of_pairing,
    words_of_retention,
)

ON = date(2022, 6, 1)


def codes(vocabulary):
    return {str(code) for code in vocabulary}


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (eligibility.Group, wording.GROUPS),
        (eligibility.Relation, wording.RELATIONS),
        (eligibility.Outcome, wording.OUTCOMES),
        (eligibility.Place, wording.PLACES),
        (kinds.KINDS, wording.KINDS),
        (applications.State, wording.STATES),
        (applications.Step, words_of_desk.STEPS),
        (desks.Desk, words_of_desk.DESKS),
        (ledger.Standing, wording.STANDINGS),
        (ledger.Standing, wording.MEANINGS),
        (("join", "found", *requests.RequestKind), wording.APPLICATION_KINDS),
        (requests.Cause, wording.CAUSES),
        (ledger.EntryKind, wording.ENTRY_KINDS),
        (coverage.EndCause, words_of_coverage.END_CAUSES),
        (coverage.DissolutionCause, words_of_coverage.DISSOLUTIONS),
        (coverage.MergeCause, words_of_coverage.MERGES),
        (welfare.VisitKind, wording.VISIT_KINDS),
        (welfare.Fund, wording.FUNDS),
        (identity.Sex, wording.SEXES),
        (set(access.Role) - {access.Role.VISITOR}, words_of_accounts.ROLES),
        (access.Act, words_of_accounts.ACTS),
        (papers.PaperKind, wording.PAPERS),
        (candidates.Why, words_of_matching.WHYS),
        (stages.PROCEDURES, wording.WAYS),
        (stages.Stage, words_of_founding.STAGES),
        (stages.FoundingStep, words_of_founding.FOUNDING_STEPS),
        (("agreed", "declined", "asked"), wording.ANSWERS),
        ((*election.Body, meetings.WOMEN), words_of_founding.BODIES),
        (meetings.OFFICES, words_of_founding.OFFICE_WORDS),
        ((meetings.NO_RELATION, *meetings.BARRED_RELATIONS), words_of_founding.RELATIONS_TO_HEAD),
        ((*stages.REGISTRATION_ITEMS, *stages.ENTRY_ITEMS), words_of_founding.CHECK_ITEMS),
        (pairing.PairingEntry, words_of_pairing.PAIRING_ENTRIES),
        (pairing.PairingEnd, words_of_pairing.PAIRING_ENDS),
        (pairing.ContactWay, words_of_pairing.CONTACT_WAYS),
        (pairing.StepDue, words_of_pairing.STEP_DUES),
        (reminders.Matter, words_of_founding.MATTERS),
        (retention.Matter, words_of_retention.KEPT_MATTERS),
        (retention.Matter, words_of_retention.DROPPED),
        (reminders.Urgency, words_of_founding.URGENCIES),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_vocabulary_has_a_word_for_each_code_and_for_nothing_else(members, words):
    assert codes(members) == codes(words)


def test_each_ground_of_refusal_is_said_in_words():
    assert codes(eligibility.Refusal) <= codes(wording.REASONS)


def _answers():
    truths = (True, False, None)
    places = ("652301001", "ZD", "652323520", "650102001", None)
    for group, relation, has_union, admits, place in product((*Group, None), (*Relation, None), truths, truths, places):
        yield eligibility.decide(
            Facts(
                group=group,
                relation=relation,
                work_region=place,
                home_region=places[0] if place == "ZD" else "CJGX",
                employer_has_union=has_union,
                affiliate_admits=admits,
                already_member=True if relation is Relation.BOSS else None,
            ),
            ON,
        )


def test_whatever_a_worker_tells_is_answered_with_words_and_one_way_on():
    for answer in _answers():
        assert codes(answer.reasons) <= codes(wording.REASONS)
        assert {option.reason for option in answer.options} <= codes(wording.REASONS)
        assert bool(answer.options) == (answer.outcome == "unions")
        assert len(set(answer.options)) == len(answer.options)


def test_whatever_a_head_tells_is_answered_with_words():
    for members, barred, here in product((0, 1, 3, 4, 24, 25), (0, 1, 4, 25), (True, False)):
        unit = Unit("甲", (Depot(members, members, barred),))
        for choice in founding.choices(unit, ON, joint_union_here=here):
            assert codes(choice.way.reasons) <= codes(wording.REASONS)
            assert codes(choice.way.reasons) <= codes(wording.REMEDIES)
        assert codes(founding.stand_together([unit], ON).reasons) <= codes(wording.REASONS)


def test_every_objection_of_the_ledger_has_words():
    assert {f"not_from_{standing}" for standing in ledger.Standing} <= codes(wording.REASONS)


@pytest.mark.parametrize("module", [coverage, moves, actions], ids=lambda module: module.__name__)
def test_whatever_stands_against_a_change_of_unions_is_said_in_words(module):
    """Codes of reasons are strings in tuples and keys; whatever else has an underscore is named here."""
    others = set(map(str, (*coverage.EndCause, *coverage.DissolutionCause, *coverage.MergeCause)))
    said = codes(wording.REASONS) | codes(words_of_coverage.COVERAGE_WARNINGS)

    assert {text for text in _literals(module) if text.isidentifier()} - others - said == set()


def _literals(module):
    tree = ast.parse(Path(module.__file__).read_text())
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "_" in node.value
    }


def test_every_fault_of_a_number_has_words_and_every_word_its_fault():
    prefixes = ("identity_", "credit_code_", "phone_", "plate_", "name_")
    written = {text for text in _literals(identity) if text.startswith(prefixes)}
    of_unions = _literals(union_names)

    assert written == {code for code in wording.REASONS if code.startswith(prefixes)} - of_unions


OF_BODIES = {f"{body}_{code}" for body in election.Body for code in ("not_voted", "seats_outside_size")}


def test_every_objection_to_a_plan_a_vote_or_an_office_has_words():
    code = re.compile(r"[a-z]+(_[a-z0-9]+)+")
    returned = {text for module in (election, meetings, union_names) for text in _literals(module)}
    other = codes(words_of_founding.OFFICE_WORDS) | codes(words_of_founding.RELATIONS_TO_HEAD) | {"womens_committee"}

    assert {text for text in returned if code.fullmatch(text)} - other <= codes(wording.REASONS)
    # A standing committee is counted, never founded; one officer has seats of another rule.
    assert OF_BODIES - codes(wording.REASONS) == {
        "standing_not_voted",
        "standing_seats_outside_size",
        "officer_seats_outside_size",
    }


def test_every_objection_to_a_guide_a_step_or_a_headcount_has_words():
    returned = pairing.guide_objections("652302", "652301", active=False) + pairing.step_objections("上门", None)
    returned += pairing.step_objections("", ON) + rates.headcount_objections(ON, closed_on=ON, today=date(2020, 1, 1))

    assert len(set(returned)) == 6
    assert codes(returned) <= codes(wording.REASONS)


def test_no_sentence_of_a_founding_is_left_without_a_rule_that_says_it():
    said = {
        node.value
        for path in (ROOT / "enrollment").rglob("*.py")
        if not path.name.startswith(("words_of_", "wording"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert codes(words_of_founding.FOUNDING_REASONS) - said - OF_BODIES == set()


@pytest.mark.parametrize("explained", ["same", "rounded_up", "differs"])
def test_every_explanation_of_a_gap_has_words(explained):
    assert explained in wording.REASONS
    assert codes(rates.Counts.__dataclass_fields__) - {"as_of"} <= codes(wording.FIGURES)


def test_a_joint_union_is_one_organization_of_two_units_or_more():
    assert kinds.COUNTED == ("single", "joint")
    assert [(kind.code, kind.units_from, kind.units_to) for kind in (kinds.SINGLE, kinds.JOINT)] == [
        ("single", 1, 1),
        ("joint", 2, None),
    ]
    assert {code: kind.code for code, kind in kinds.KINDS.items()} == {code: code for code in kinds.KINDS}


def test_build_7_units_come_and_go_in_a_joint_union_and_never_in_a_single_one_or_a_pool():
    several = {code for code, kind in kinds.KINDS.items() if kind.may_cover_several}

    assert several == {"joint", "industry", "township", "park"}


@pytest.mark.parametrize(
    ("month", "kind"),
    [
        (12, "winter_warmth"), (1, "winter_warmth"), (2, "winter_warmth"), (3, "spring_jobs"), (5, "spring_jobs"),
        (6, "summer_cooling"), (8, "summer_cooling"), (9, "autumn_schooling"), (11, "autumn_schooling"),
    ],
)  # fmt: skip
def test_the_season_proposes_what_a_visit_is_for(month, kind):
    assert welfare.usual_kind(date(2021, month, 15)) == kind
