"""Every code a rule can return has its words; every kind and every season its place."""

import ast
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from enrollment.rules import (
    access,
    applications,
    candidates,
    coverage,
    eligibility,
    founding,
    identity,
    kinds,
    ledger,
    papers,
    rates,
    requests,
    welfare,
)
from enrollment.rules.eligibility import Facts, Group, Relation
from enrollment.rules.founding import Depot, Unit
from enrollment.storage import moves
from enrollment.unions import actions
from enrollment.web import wording, words_of_coverage, words_of_matching

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
        (applications.Step, wording.STEPS),
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
        (access.Role, wording.ROLES),
        (papers.PaperKind, wording.PAPERS),
        (candidates.Why, words_of_matching.WHYS),
        ((founding.NEW_JOINT, founding.JOIN_JOINT, founding.ONE_OFFICER, founding.OWN_COMMITTEE), wording.WAYS),
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

    assert written == {code for code in wording.REASONS if code.startswith(prefixes)}


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


@pytest.mark.parametrize(
    ("month", "kind"),
    [
        (12, "winter_warmth"), (1, "winter_warmth"), (2, "winter_warmth"), (3, "spring_jobs"), (5, "spring_jobs"),
        (6, "summer_cooling"), (8, "summer_cooling"), (9, "autumn_schooling"), (11, "autumn_schooling"),
    ],
)  # fmt: skip
def test_the_season_proposes_what_a_visit_is_for(month, kind):
    assert welfare.usual_kind(date(2021, month, 15)) == kind
