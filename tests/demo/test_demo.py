"""The demo's figures, read from the database with SQL and never from what made them."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from enrollment.demo import DEMO_PASSWORD
from enrollment.demo.filing import day_of
from enrollment.matching.queries import matched
from enrollment.pairing import queries as pairing
from enrollment.rules import identity as numbers
from enrollment.rules import kinds, rates, stages
from enrollment.rules import ledger as rules
from enrollment.rules.applications import State, Step, state_after
from enrollment.rules.deadlines import after_working_days, is_working_day
from enrollment.rules.desks import Desk
from enrollment.rules.eligibility import age_on
from enrollment.rules.identity import check_credit_code, check_identity, check_name, check_phone
from enrollment.rules.regions import COUNTIES, PREFECTURE, REGIONS, ZONES, Territory, county_of
from enrollment.rules.stages import FoundingStep
from enrollment.rules.statute import MUST_FORM_MEMBERS
from enrollment.storage.accounts import Account
from enrollment.storage.applications import Application, ApplicationAct, FoundingDetails, JoinDetails
from enrollment.storage.cards import Card
from enrollment.storage.desks import lies_at
from enrollment.storage.events import Event
from enrollment.storage.founding_facts import name_is_taken, request_objections, result_objections
from enrollment.storage.foundings import UnionTerm
from enrollment.storage.ledger import LedgerEntry, MemberChange, Membership
from enrollment.storage.pairings import Pairing, PairingContact
from enrollment.storage.papers import papers_of
from enrollment.storage.people import Person
from enrollment.storage.procedures import Founding, founding_where
from enrollment.storage.rosters import roster
from enrollment.storage.unions import Coverage, Employer, Headcount, PublishedFigure, Union
from enrollment.storage.visits import Visit
from tests.demo.conftest import NOW, TODAY

AS_OF = date(2021, 11, 30)
NODES = {*COUNTIES, *ZONES}

WORKERS = """
    SELECT sum(workers) FROM headcounts h WHERE surveyed_on = (
        SELECT max(surveyed_on) FROM headcounts WHERE employer_id = h.employer_id AND surveyed_on <= '2021-11-30')
"""
MEMBERS = """
    SELECT count(DISTINCT person_id) FROM memberships
    WHERE from_on <= '2021-11-30' AND (until_on IS NULL OR until_on > '2021-11-30')
"""
COVERED = """
    SELECT count(DISTINCT employer_id) FROM coverages
    WHERE from_on <= '2021-11-30' AND (until_on IS NULL OR until_on > '2021-11-30')
"""
UNIONS = "SELECT count(*) FROM unions WHERE kind = '{}' AND founded_on <= '2021-11-30' AND dissolved_on IS NULL"


@pytest.mark.parametrize(
    "sql, figure",
    [
        ("SELECT count(*) FROM employers", 519),
        (WORKERS, 9951),
        (UNIONS.format("single"), 282),
        (UNIONS.format("joint"), 5),
        (COVERED, 317),
        (f"{COVERED} AND union_id IN (SELECT id FROM unions WHERE kind = 'joint')", 35),
        (MEMBERS, 6310),
        (f"{MEMBERS} AND union_id IN (SELECT id FROM unions WHERE kind IN ('single', 'joint'))", 6310),
        ("SELECT sum(change) FROM member_changes WHERE changed_on <= '2021-11-30'", 6310),
        (UNIONS.format("pool"), 10),
        (UNIONS.format("park"), 3),
    ],
)
def test_the_database_holds_the_published_figures(demo: Session, sql: str, figure: int):
    assert demo.scalar(text(sql)) == figure


def test_the_rate_is_63_point_4_percent_and_the_paper_said_64(demo: Session):
    members, workers = demo.scalar(text(MEMBERS)), demo.scalar(text(WORKERS))
    counts = rates.Counts(AS_OF, members, workers, 282, 5, 519, demo.scalar(text(COVERED)))
    printed = [
        rates.Published(row.figure, row.value, row.source, row.as_of)
        for row in demo.scalars(select(PublishedFigure).where(PublishedFigure.territory_code == PREFECTURE))
    ]

    assert (counts.rate.text, counts.coverage.text) == ("63.4", "61.1")
    assert {it.published.figure: it.explained for it in rates.compare(printed, counts)} == {
        "employers": "same",
        "workers": "same",
        "single_unions": "same",
        "joint_unions": "same",
        "members": "same",
        "rate": "rounded_up",
    }


def test_every_county_and_zone_has_its_share_and_the_city_the_largest(demo: Session):
    employers = dict(demo.execute(select(Employer.county_code, func.count()).group_by(Employer.county_code)).all())
    members = dict(
        demo.execute(select(Union.county_code, func.count()).join(Membership).group_by(Union.county_code)).all()
    )

    assert set(employers) == set(members) == NODES
    assert max(employers, key=employers.get) == max(members, key=members.get) == "652301"
    assert all(county_of(e.region_code) == e.county_code for e in demo.scalars(select(Employer)))
    assert not any(REGIONS[e.region_code].is_bingtuan for e in demo.scalars(select(Employer)))


def test_no_unit_has_more_members_than_workers_and_members_work_where_their_union_covers(demo: Session):
    workers = dict(
        demo.execute(
            text(
                "SELECT employer_id, workers FROM headcounts h WHERE surveyed_on = "
                "(SELECT max(surveyed_on) FROM headcounts WHERE employer_id = h.employer_id)"
            )
        ).all()
    )
    union_of = dict(demo.execute(select(Coverage.employer_id, Coverage.union_id)).all())
    current = demo.execute(
        select(Person.employer_id, Membership.union_id).join(Membership).where(Membership.until_on.is_(None))
    ).all()
    members = Counter(employer for employer, _ in current)

    assert all(union_of[employer] == union for employer, union in current)
    assert all(members[employer] <= workers[employer] for employer in workers)
    assert set(members) == set(union_of)


def test_units_of_joint_unions_have_fewer_members_than_oblige_them_to_form_their_own(demo: Session):
    units = demo.execute(
        select(Person.employer_id, func.count())
        .join(Membership)
        .join(Union)
        .where(Union.kind == "joint", Membership.until_on.is_(None))
        .group_by(Person.employer_id)
    ).all()

    assert len(units) == 35
    assert max(count for _, count in units) < MUST_FORM_MEMBERS
    groups = demo.execute(select(Union.group, Union.name).where(Union.kind == "joint")).all()
    assert Counter(group for group, _ in groups) == {"courier": 3, "truck_driver": 2}
    assert {"昌吉市快递行业联合工会委员会", "准东开发区道路货运行业联合工会委员会"} <= {name for _, name in groups}


def test_most_enterprises_have_fewer_than_25_people_and_a_few_60_to_200(demo: Session):
    sizes = demo.scalars(
        text(
            "SELECT workers FROM headcounts h WHERE surveyed_on = "
            "(SELECT max(surveyed_on) FROM headcounts WHERE employer_id = h.employer_id)"
        )
    ).all()

    assert sum(size < 25 for size in sizes) > 519 * 3 // 4
    assert 10 <= sum(60 <= size <= 200 for size in sizes) <= 30
    assert max(sizes) <= 200


def _histories(session: Session) -> dict[int, list[LedgerEntry]]:
    found = defaultdict(list)
    for entry in session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)):
        found[entry.person_id].append(entry)
    return found


def test_memberships_are_the_fold_of_the_ledger_for_everybody(demo: Session):
    stored = defaultdict(list)
    for row in demo.scalars(select(Membership).order_by(Membership.from_on, Membership.id)):
        stored[row.person_id].append(rules.Stint(str(row.union_id), row.from_on, row.until_on))
    histories = _histories(demo)

    assert set(histories) == set(demo.scalars(select(Person.id)))
    for person, entries in histories.items():
        assert rules.stints([entry.as_fact() for entry in entries]) == tuple(stored[person])


def test_every_entry_was_one_the_rules_allow_when_it_was_made(demo: Session):
    for entries in _histories(demo).values():
        facts = [entry.as_fact() for entry in entries]
        for count, fact in enumerate(facts):
            assert rules.objections(facts[:count], fact) == ()
        assert [e.recorded_at for e in entries] == sorted(e.recorded_at for e in entries)


def test_who_is_no_member_any_more_stands_as_told(demo: Session):
    standings = Counter(
        rules.standing_on([entry.as_fact() for entry in entries], AS_OF).standing
        for entries in _histories(demo).values()
    )
    kinds = Counter(demo.scalars(select(LedgerEntry.kind)))

    assert standings == {"member": 6310, "retained": 45, "exited": 60, "deceased": 4}
    assert (kinds["transferred_out"], kinds["transferred_in"], kinds["corrected"]) == (40, 40, 3)


def test_daily_changes_of_a_union_sum_up_to_its_members(demo: Session):
    changes = dict(
        demo.execute(select(MemberChange.union_id, func.sum(MemberChange.change)).group_by("union_id")).all()
    )
    members = Counter(demo.scalars(select(Membership.union_id).where(Membership.until_on.is_(None))))

    assert {union: change for union, change in changes.items() if change} == dict(members)


def test_daily_changes_are_those_the_memberships_cause(demo: Session):
    caused = Counter()
    for row in demo.scalars(select(Membership)):
        caused[row.union_id, row.from_on] += 1
        if row.until_on:
            caused[row.union_id, row.until_on] -= 1
    stored = {(row.union_id, row.changed_on): row.change for row in demo.scalars(select(MemberChange))}

    assert stored == {key: change for key, change in caused.items() if change}


def test_nobody_joined_a_union_before_it_stood_or_under_16(demo: Session):
    rows = demo.execute(
        select(LedgerEntry.effective_on, Union.founded_on, Person.born_on)
        .join(Union, Union.id == LedgerEntry.union_id)
        .join(Person, Person.id == LedgerEntry.person_id)
    ).all()

    assert all(founded <= on < AS_OF and age_on(born, on) >= 16 for on, founded, born in rows)


def test_people_joined_all_year_and_most_since_september(demo: Session):
    joined = Counter(
        row.strftime("%Y-%m") for row in demo.scalars(select(Membership.from_on).where(Membership.until_on.is_(None)))
    )

    assert all(joined[f"2021-{month:02d}"] > 50 for month in range(1, 12))
    assert sum(joined[f"2021-{month:02d}"] for month in (9, 10, 11)) > 6310 // 2
    assert 100 < sum(count for month, count in joined.items() if month < "2021") < 1000


def test_identity_numbers_are_valid_distinct_and_nobodys(demo: Session):
    people = demo.scalars(select(Person)).all()
    born = {numbers.birth_date(person.identity).year for person in people}

    assert len({person.identity for person in people}) == len(people) == 6419
    assert all(check_identity(p.identity, AS_OF).ok and p.identity[14:17] == "000" and p.sex == "2" for p in people)
    assert all(p.born_on == numbers.birth_date(p.identity) for p in people)
    assert 1962 <= min(born) < max(born) <= 2005
    assert len({person.identity[:6] for person in people}) > 30
    assert len({person.phone for person in people}) == len(people)
    assert all(check_phone(person.phone).value == person.phone for person in people)


def test_names_are_of_every_kind_the_prefecture_knows(demo: Session):
    names = demo.scalars(select(Person.name)).all()

    assert all(check_name(name).value == name for name in names)
    assert 400 < sum("·" in name for name in names) < 1200
    assert any(ord(character) > 0xFFFF for name in names for character in name)
    assert any(character in name for name in names for character in "喆堃犇翀赟龑")


def test_credit_codes_are_valid_and_some_units_have_a_filing_number_alone(demo: Session):
    employers = demo.scalars(select(Employer)).all()
    coded = [employer.credit_code for employer in employers if employer.credit_code]

    assert all(check_credit_code(code).value == code and code[:2] in {"91", "92"} for code in coded)
    assert 20 < sum(bool(not e.credit_code and e.filing_number) for e in employers) < 100
    assert all(employer.credit_code or employer.filing_number for employer in employers)
    assert len({employer.name for employer in employers}) == 519


def test_replies_are_numbered_without_repetition_in_the_order_of_their_dates(demo: Session):
    unions = demo.scalars(
        select(Union).where(Union.county_code == "652301").order_by(Union.approved_on, Union.id)
    ).all()

    assert len({union.approval_number for union in demo.scalars(select(Union))}) == 287 + 10 + 3 + 8
    assert [u.approval_number for u in unions if u.approved_on.year == 2021][:2] == [
        "昌市工发〔2021〕1号",
        "昌市工发〔2021〕2号",
    ]


# --- casework -----------------------------------------------------------------------------------------------------


BY_CADRES = {"approved", "returned", "refused", "group_approved", "meeting_approved"}


def state_of(demo: Session, application: Application, taken: list[str]) -> State:
    if application.kind == "join":
        return state_after(map(Step, taken))
    return stages.position(demo.get_one(FoundingDetails, application.id).way, map(FoundingStep, taken)).state


def test_every_state_is_there_and_is_what_its_acts_lead_to(demo: Session):
    steps = defaultdict(list)
    for act in demo.scalars(select(ApplicationAct).order_by(ApplicationAct.id)):
        steps[act.application_id].append(act)
    applications = demo.scalars(select(Application)).all()

    assert {a.state for a in applications} == {*State} - {State.NEW}
    for application in applications:
        acts = steps[application.id]
        assert application.state == state_of(demo, application, [act.step for act in acts])
        assert application.version == len(acts)
        assert [act.at for act in acts] == sorted(act.at for act in acts)
        assert all(bool(act.account_id) == (act.step in BY_CADRES) for act in acts)
        assert all(is_working_day(act.at.date()) for act in acts if act.account_id and act.at.year > 2021)


def test_the_queue_is_alive_today(demo: Session):
    waiting = demo.scalars(select(Application).where(Application.state == "submitted")).all()
    due = Counter((a.due_on > TODAY) - (a.due_on < TODAY) for a in waiting)
    lately = select(Application).where(Application.started_at > NOW - timedelta(days=60))

    assert (due[-1], due[0]) == (3, 1)
    assert due[1] >= 5
    assert sum(a.county_code == "652301" for a in waiting) >= 5
    assert Counter(a.kind for a in demo.scalars(lately)) == {"join": 16, "found": 9}
    states = Counter(a.state for a in demo.scalars(lately))
    assert (states["gathering"], states["preparing"]) == (1, 1)


def test_one_of_them_lies_with_the_preparatory_group(demo: Session):
    [application] = demo.scalars(select(Application).where(lies_at(Desk.GROUP), Application.state == "submitted"))
    founding = demo.scalars(select(Application).where(Application.state == "preparing")).one()

    assert application.county_code == founding.county_code == "652301"
    assert founding.started_at < application.submitted_at < NOW


def test_a_reply_is_due_as_the_rules_say(demo: Session):
    sending = ["submitted", "corrected", "result_reported"]
    sent = select(ApplicationAct).where(ApplicationAct.step.in_(sending)).order_by(ApplicationAct.id)
    last = {act.application_id: (act.step, act.at.date()) for act in demo.scalars(sent)}
    for application in demo.scalars(select(Application)):
        step, on = last.get(application.id, ("", TODAY))
        if step == "result_reported":
            assert application.due_on == on + timedelta(days=15)
        elif application.kind == "join" or application.state == "submitted":
            assert application.due_on == after_working_days(on, 5)
        else:
            assert application.due_on is None


def test_one_applicant_is_a_member_already_and_one_has_a_members_phone(demo: Session):
    joining = select(JoinDetails.application_id).join(Application).where(Application.state == "submitted")
    same_identity = joining.join(Person, Person.identity_match == JoinDetails.identity_match)
    same_phone = joining.join(Person, Person.phone_match == JoinDetails.phone_match)

    assert len(demo.scalars(same_identity).all()) == 1
    assert len(demo.scalars(same_phone).all()) == 1


def test_what_was_approved_in_the_year_made_the_members_of_the_ledger(demo: Session):
    approved = demo.execute(
        select(Application.number, Application.union_id, JoinDetails.identity_match)
        .join(JoinDetails)
        .where(Application.state == "approved")
    ).all()
    made = demo.execute(
        select(LedgerEntry.document, LedgerEntry.union_id, Person.identity_match)
        .join(Person, Person.id == LedgerEntry.person_id)
        .where(LedgerEntry.document.in_([number for number, *_ in approved]))
    ).all()

    assert len(approved) == 9
    assert set(map(tuple, approved)) == set(map(tuple, made))
    cards = demo.scalars(select(Person.identity_match).join(Card, Card.person_id == Person.id)).all()
    assert sorted(cards) == sorted(match for *_, match in approved)


NEW, OWN, ONE, JOIN = "new_joint", "own_committee", "one_officer", "join_joint"
ASKED, GRANTED = "group_request", "group_reply"

# County, way, stage, state; its entries; what each unit answered; its papers with their document numbers.
FOUNDINGS = [
    ("652301", NEW, "group_request", "gathering", "started declined", ["agreed", "declined", None], {}),
    ("652301", NEW, "group_reply", "submitted", "started agreed agreed submitted", ["agreed"] * 3, {ASKED: ""}),
    ("652301", NEW, "preparation", "preparing", "started agreed submitted group_approved", ["agreed"] * 2,
     {ASKED: "", GRANTED: "昌市工复〔2026〕1号"}),
    ("ZD", ONE, "group_reply", "submitted", "started submitted", ["agreed"], {ASKED: ""}),
    ("652302", JOIN, "join_request", "returned", "submitted returned", ["agreed"], {}),
    ("652325", ONE, None, "refused", "started submitted refused", ["agreed"], {ASKED: ""}),
    ("652323", OWN, None, "withdrawn", "started submitted withdrawn", ["agreed"], {ASKED: ""}),
]  # fmt: skip


def foundings(demo: Session) -> list[Founding]:
    """Every founding of a new union, in the order of the table."""
    return [found for found in cases(demo) if found.way != stages.RE_ELECTION]


def cases(demo: Session) -> list[Founding]:
    """Every founding and re-election of the demo."""
    ids = demo.scalars(select(FoundingDetails.application_id).order_by(FoundingDetails.application_id)).all()
    return [founding_where(demo, Application.id == own) for own in ids]


def test_two_re_elections_wait_for_the_reply_one_of_them_too_long(demo: Session):
    again = [found for found in cases(demo) if found.way == stages.RE_ELECTION]

    assert [(found.county_code, found.position.stage) for found in again] == [
        ("652301", "establishment"),
        ("652302", "establishment"),
    ]
    assert [(found.application.due_on - TODAY).days for found in again] == [4, -2]
    for found in again:
        assert result_objections(found, roster(demo, found, TODAY), roster(demo, found, TODAY), TODAY) == ()
        assert demo.get_one(Union, found.application.union_id).name == found.details.union_name
        assert [row.kind for row in papers_of(demo, found.application.id)] == [
            "meeting_request", "meeting_reply", "attendance_sheet", "ballot", "result_report",
        ]  # fmt: skip


def test_every_union_with_a_committee_has_a_term_and_a_few_are_over(demo: Session):
    terms = demo.scalars(select(UnionTerm)).all()
    unions = demo.scalars(select(Union).where(Union.kind.in_(kinds.COUNTED))).all()

    assert {term.union_id for term in terms} == {union.id for union in unions}
    assert all(term.closed_on is None and term.years in {3, 5} for term in terms)
    assert all(term.certificate_until in {None, term.ends_on} for term in terms)
    assert 0 < sum(term.ends_on <= TODAY for term in terms) < 10


def test_seven_foundings_stand_in_stages_of_their_own_with_the_papers_that_went_out(demo: Session):
    shown = [
        (
            found.county_code,
            found.way,
            found.position.stage,
            found.application.state,
            " ".join(act.step for act in found.acts),
            [unit.answer for unit in found.application.units],
            {paper.kind: paper.number for paper in papers_of(demo, found.application.id)},
        )
        for found in foundings(demo)
    ]

    assert shown == FOUNDINGS


def test_nothing_is_handed_in_by_itself_and_nothing_handed_in_could_not_be(demo: Session):
    for found in foundings(demo):
        taken = [act.step for act in found.acts]
        assert taken[0] == ("submitted" if found.way == JOIN else "started")
        assert found.application.version == len(taken)
        if "submitted" in taken:
            assert request_objections(found, TODAY) == ()
            assert not name_is_taken(demo, found)


def test_the_days_of_a_founding_follow_each_other_and_none_is_to_come(demo: Session):
    for found in foundings(demo):
        days = [act.at for act in found.acts]
        sent = [act.at for act in found.acts if act.step == "submitted"]
        answered = [act for act in found.acts if act.step in {"agreed", "declined"}]
        invited = found.application.units[1:]

        assert days == sorted(days)
        assert days[-1] <= NOW
        assert found.application.started_at == found.application.units[0].answered_at == days[0]
        assert found.application.submitted_at == (sent[-1] if sent else None)
        assert f"{day_of(days[0]):%y%m%d}" == found.application.number[:6]
        assert [(act.actor, act.step, act.at) for act in answered] == [
            (unit.name, unit.answer, unit.answered_at) for unit in invited if unit.answer
        ]
        for act in (act for act in found.acts if act.account_id):
            assert is_working_day(day_of(act.at))
            assert found.application.submitted_at < act.at
            assert demo.get_one(Account, act.account_id).territory_code == found.county_code
            assert bool(act.note) == (act.step in {"returned", "refused"})


def test_a_paper_of_the_demo_is_frozen_on_the_day_of_its_entry(demo: Session):
    entries = {"group_request": "submitted", "group_reply": "group_approved"}
    for found in foundings(demo):
        for paper in papers_of(demo, found.application.id):
            [act] = [act for act in found.acts if act.step == entries[paper.kind]]
            assert (paper.issued_at, paper.issued_on, paper.account_id) == (act.at, day_of(act.at), act.account_id)
            assert (paper.round, paper.words) == (1, "")
            assert found.details.union_name.removesuffix("委员会") in paper.content["title"]


def test_the_units_of_a_founding_are_small_depots_no_union_covers_and_each_is_in_one(demo: Session):
    covered = set(demo.scalars(select(Coverage.employer_id)))
    units = [(found, unit) for found in foundings(demo) for unit in found.application.units]

    assert len({unit.employer_id for _found, unit in units}) == len(units) == 12
    for found, unit in units:
        employer = demo.get_one(Employer, unit.employer_id)
        assert unit.employer_id not in covered
        assert (employer.name, employer.county_code) == (unit.name, found.county_code)
        assert unit.workers == latest_workers(demo, employer)
        assert 4 <= unit.workers < MUST_FORM_MEMBERS
        assert unit.barred == 1
    assert len({unit.link for _found, unit in units}) == 12


def latest_workers(demo: Session, employer: Employer) -> int:
    counted = select(Headcount.workers).where(Headcount.employer_id == employer.id)
    return demo.scalars(counted.order_by(Headcount.surveyed_on.desc())).first()


def test_who_agreed_has_somebody_in_the_group_and_the_contact_leads(demo: Session):
    for found in foundings(demo):
        standing = [unit.name for unit in found.standing]

        assert [row.unit_name for row in found.group] == ([] if found.way == JOIN else standing)
        assert all(check_name(row.name).ok for row in found.group)
        assert check_phone(found.details.contact_phone).ok
        if found.group:
            assert found.group[0].name == found.details.contact_name
            assert [row.post for row in found.group] == ["会员联络人"] + ["网点负责人"] * (len(standing) - 1)


def test_a_depot_asks_to_join_the_joint_union_of_its_county(demo: Session):
    [joining] = [found for found in foundings(demo) if found.way == JOIN]
    others = [found.application.union_id for found in foundings(demo) if found.way != JOIN]

    union = demo.get_one(Union, joining.application.union_id)
    assert (union.kind, union.county_code) == ("joint", "652302")
    assert joining.details.union_name == ""
    assert others == [None] * 6


def test_visits_go_through_the_year_and_reach_into_these_days(demo: Session):
    visits = demo.scalars(select(Visit)).all()
    begun = set(demo.scalars(select(Application.visit_id).where(Application.visit_id.is_not(None))))

    assert sum(AS_OF - timedelta(days=365) < v.visited_on <= AS_OF for v in visits) == 40
    assert sum(TODAY - timedelta(days=14) < v.visited_on <= TODAY for v in visits) == 3
    assert all(v.visited_on.month in {6, 7, 8} for v in visits if v.kind == "summer_cooling")
    assert all(v.visited_on.month in {1, 2} for v in visits if v.kind == "winter_warmth")
    assert all(v.amount_fen > 0 and v.people_met > 0 for v in visits)
    assert len(begun) >= 3
    assert begun <= {visit.id for visit in visits}


def test_events_lie_behind_and_ahead_and_open_applications_were_begun_from_posters(demo: Session):
    held = demo.execute(select(Event.county_code, Event.held_on).order_by(Event.id)).all()
    begun = select(Application, Event.recorded_at, Employer.name, JoinDetails.employer_name)
    begun = begun.join(JoinDetails).outerjoin(Application.event).outerjoin(Application.poster_employer)
    rows = [row for row in demo.execute(begun) if row.recorded_at or row.name]

    assert [(county, on - (AS_OF if on.year == 2021 else TODAY)) for county, on in held] == [
        ("652301", timedelta(days=-11)),
        ("ZD", timedelta(days=-2)),
        ("652301", timedelta(days=9)),
    ]
    assert sum(bool(row.name) for row in rows) == 3
    assert sum(bool(row.recorded_at) for row in rows) >= 3
    assert all(row.name == row.employer_name for row in rows if row.name)
    assert all(row.recorded_at < row.Application.started_at for row in rows if row.recorded_at)
    assert all(row.Application.visit_id is None for row in rows)


def test_a_cadre_of_every_node_and_one_of_each_role_sign_in_with_the_printed_password(demo: Session):
    accounts = {account.login: account for account in demo.scalars(select(Account))}

    assert {login: account.territory_code for login, account in accounts.items()} == {
        "changji": PREFECTURE,
        "changji-city": "652301",
        "fukang": "652302",
        "hutubi": "652323",
        "manas": "652324",
        "qitai": "652325",
        "jimsar": "652327",
        "mori": "652328",
        "zhundong": "ZD",
        "gaoxin": "CJGX",
        "nongye": "CJNK",
        "changji-city-2": "652301",
        "officer": "652301",
        "contact": "652301",
        "auditor": PREFECTURE,
        "operator": PREFECTURE,
    }
    assert PasswordHasher().verify(accounts["mori"].password_hash, DEMO_PASSWORD)
    assert len({account.password_hash for account in accounts.values()}) == len(accounts)


def test_four_of_five_employers_have_coordinates_near_their_township_and_couriers_a_brand(demo: Session):
    employers = demo.scalars(select(Employer)).all()
    known = [employer for employer in employers if employer.latitude is not None]
    couriers = [employer for employer in employers if employer.group == "courier"]
    branded = [employer for employer in couriers if employer.brand]

    assert 0.75 < len(known) / len(employers) < 0.85
    assert 0.7 < len(branded) / len(couriers) < 0.9
    assert not any(employer.brand for employer in employers if employer.group != "courier")
    assert {employer.brand for employer in branded} == {"中通", "圆通", "韵达", "申通", "极兔", "邮政"}
    assert all(43 < e.latitude < 45.5 and 85.5 < e.longitude < 91 for e in known)
    by_town = defaultdict(list)
    for employer in known:
        by_town[employer.region_code].append((employer.latitude, employer.longitude))
    for spots in by_town.values():
        assert max(max(axis) - min(axis) for axis in zip(*spots, strict=True)) < 0.1  # some kilometers


def test_every_county_of_the_demo_has_proposals_and_some_join_a_joint_union(demo: Session):
    found = matched(Territory(PREFECTURE), TODAY)

    assert {it.county for it in found.proposals} == NODES
    assert {it.union is None for it in found.proposals} == {True, False}
    assert found.alone < 20


def test_a_few_dozen_units_without_a_union_have_a_guide_and_every_list_something(demo: Session):
    counts = pairing.numbers(Territory(PREFECTURE), TODAY)

    guided = counts.all - counts.unguided
    assert (counts.all, guided > 40, counts.silent > 10, counts.due > counts.overdue > 3) == (202, True, True, True)
    city = pairing.numbers(Territory("652301"), TODAY)
    assert 0 < city.overdue <= city.due < city.all
    assert city.silent > 0
    kinds_entered = Counter(demo.scalars(select(Pairing.kind)))
    assert set(kinds_entered) == {"named", "step_set", "handed_over", "not_needed"}
    assert kinds_entered["named"] == guided + kinds_entered["not_needed"]
    assert demo.scalar(select(func.max(Pairing.from_on))) < TODAY
    assert demo.scalar(select(func.max(PairingContact.contacted_on))) < TODAY
