"""Papers: edited before they are issued, then frozen; numbers without gaps, whoever comes at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from enrollment.rules.access import SYSTEM, Act, Actor, Role
from enrollment.rules.drafting import compose
from enrollment.rules.papers import PaperKind, words_of
from enrollment.storage import papers
from enrollment.storage.database import Work, db, transaction
from enrollment.storage.failures import Conflict, Refused
from enrollment.storage.papers import DocumentSerial, FoundingPaper
from tests import make
from tests.paper_facts import joint

ON = date(2021, 12, 12)
REPLY, REQUEST = PaperKind.GROUP_REPLY, PaperKind.GROUP_REQUEST


@pytest.fixture
def application(session):
    return make.founding_application(session)


def work_of(session, by=SYSTEM):
    return Work(session, by, make.NOW)


def issued(session, application, kind=REPLY, **changes):
    def compose_with(number):
        return compose(kind, joint(number=number, on=ON))

    given = {"on": ON, "mark": "昌市工复", "node_code": "652301"} | changes
    row = papers.issue(work_of(session), application.id, kind, compose_with, **given)
    session.commit()
    return row


# --- numbers -------------------------------------------------------------------------------------------------------


def test_each_node_counts_for_itself_and_each_year_begins_anew(session):
    asked = [("652301", 2021), ("652301", 2021), ("652302", 2021), ("652301", 2022), ("ZD", 2021), ("652301", 2021)]

    given = [papers.next_serial(work_of(session), node, year) for node, year in asked]

    assert given == [1, 2, 1, 1, 1, 3]


def take_number(*, kept=True):
    """A number of 昌吉市 in a transaction of its own, which is rolled back unless it is kept."""
    with transaction(by=SYSTEM, act=Act.APPLY, now=make.NOW) as work:
        serial = papers.next_serial(work, "652301", 2021)
        if not kept:
            raise Refused(["paper_is_issued"])
    return serial


def give_back():
    with pytest.raises(Refused):
        take_number(kept=False)


def test_a_number_that_was_not_kept_is_given_again(context, session):
    give_back()
    assert session.scalars(select(DocumentSerial.last)).all() == []
    session.rollback()
    assert take_number() == 1
    give_back()
    assert take_number() == 2
    assert session.scalars(select(DocumentSerial.last)).all() == [2]


def test_eight_at_once_get_forty_numbers_without_a_gap_though_some_give_theirs_back(app):
    together = Barrier(8, timeout=60)

    def take_five(thread):
        taken = []
        together.wait()
        for turn in range(5):
            with app.app_context():
                if (thread + turn) % 3 == 0:
                    give_back()
                taken.append(take_number())
        return taken

    with ThreadPoolExecutor(8) as pool:
        given = [serial for taken in pool.map(take_five, range(8)) for serial in taken]

    assert sorted(given) == list(range(1, 41))


# --- words ---------------------------------------------------------------------------------------------------------


def test_words_are_kept_and_shown_until_the_paper_is_issued(session, application):
    composed = compose(REQUEST, joint())
    row = papers.paper_to_change(work_of(session), application.id, REQUEST)
    papers.edit_words(work_of(session), row, "关于建会的请示\r\n昌吉市总工会：\r\n现有4人。\r\n请批示。")
    session.commit()

    shown = papers.paper_shown(row, composed)
    assert (shown.title, shown.addressee, shown.body, shown.closing) == (
        "关于建会的请示",
        "昌吉市总工会",
        ("现有4人。",),
        "请批示。",
    )
    assert (shown.tables, shown.signatory) == (composed.tables, composed.signatory)
    assert row.version == 1
    assert papers.paper_shown(None, composed) == composed

    papers.edit_words(work_of(session), row, "")
    assert papers.paper_shown(row, composed) == composed
    assert row.version == 2


def test_an_issued_paper_has_no_words_to_edit_any_more(session, application):
    row = issued(session, application)

    with pytest.raises(Refused) as refused:
        papers.edit_words(work_of(session), row, "别的")

    assert refused.value.reasons == ("paper_is_issued",)


@pytest.mark.parametrize("kind", [PaperKind.ATTENDANCE_SHEET, PaperKind.BALLOT, PaperKind.ROSTER])
def test_a_table_has_no_words_to_edit(session, application, kind):
    row = papers.paper_to_change(work_of(session), application.id, kind)

    with pytest.raises(Refused) as refused:
        papers.edit_words(work_of(session), row, "别的")

    assert refused.value.reasons == ("paper_is_a_table",)


# --- the issue -----------------------------------------------------------------------------------------------------


def test_a_paper_of_the_upper_union_is_issued_with_a_number_and_frozen(session, application, cast):
    by = Actor(Role.COUNTY_CADRE, "张干部", cast.city.id)
    row = papers.issue(
        work_of(session, by),
        application.id,
        REPLY,
        lambda number: compose(REPLY, joint(number=number, on=ON)),
        on=ON,
        mark="昌市工复",
        node_code="652301",
    )
    session.commit()
    session.expire_all()

    assert (row.number, row.issued_on, row.issued_at, row.account_id, row.round, row.version) == (
        "昌市工复〔2021〕1号",
        ON,
        make.NOW,
        cast.city.id,
        1,
        1,
    )
    frozen = papers.paper_shown(row, compose(REPLY, joint(union_name="另一个工会委员会")))
    assert frozen == compose(REPLY, joint(number="昌市工复〔2021〕1号", on=ON))


def test_a_paper_of_the_group_gets_no_number_and_uses_none_up(session, application):
    row = issued(session, application, REQUEST, mark=None)

    assert row.number == ""
    assert papers.paper_shown(row, compose(REPLY, joint())).number == ""
    assert session.scalars(select(DocumentSerial)).all() == []


def test_a_number_needs_a_mark(session, application):
    with pytest.raises(ValueError, match="no document number"):
        issued(session, application, mark=None)


def test_edited_words_are_issued(session, application):
    row = papers.paper_to_change(work_of(session), application.id, REPLY)
    words = words_of(compose(REPLY, joint())).replace("此复。", "特此批复。")
    papers.edit_words(work_of(session), row, words)
    session.commit()

    frozen = papers.paper_shown(issued(session, application), compose(REPLY, joint()))

    assert (frozen.closing, frozen.number) == ("特此批复。", "昌市工复〔2021〕1号")


def test_a_paper_is_issued_once_and_the_second_takes_no_number(session, application):
    issued(session, application)

    with pytest.raises(Conflict):
        issued(session, application)
    session.rollback()

    assert session.scalars(select(DocumentSerial.last)).all() == [1]


def test_a_repeated_election_has_papers_of_its_own(session, application):
    first, second = issued(session, application), issued(session, application, round_=2)

    assert (first.number, second.number) == ("昌市工复〔2021〕1号", "昌市工复〔2021〕2号")
    assert [row.round for row in papers.papers_of(session, application.id)] == [1, 2]
    assert papers.papers_of(session, application.id + 1) == []


def test_of_two_who_issue_at_once_one_does(app, session, application):
    together = Barrier(2, timeout=60)

    def press(_n):
        together.wait()
        with app.app_context():
            try:
                with transaction(by=SYSTEM, act=Act.APPLY, now=make.NOW) as work:
                    papers.issue(
                        work,
                        application.id,
                        REPLY,
                        lambda number: compose(REPLY, joint(number=number)),
                        on=ON,
                        mark="昌市工复",
                        node_code="652301",
                    )
            except Conflict:
                return "someone was faster"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(press, range(2)))

    assert ends == ["done", "someone was faster"]
    assert session.scalars(select(FoundingPaper.number)).all() == ["昌市工复〔2021〕1号"]
    assert session.scalars(select(DocumentSerial.last)).all() == [1]


# --- what the database itself refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        update(FoundingPaper).values(words="别的"),
        update(FoundingPaper).values(content=None),
        update(FoundingPaper).values(issued_on=None),
        update(FoundingPaper).values(number="昌市工复〔2021〕9号"),
        delete(FoundingPaper),
    ],
    ids=["words", "content", "date", "number", "deletion"],
)
def test_the_database_lets_nobody_change_an_issued_paper(session, application, change):
    issued(session, application)

    with pytest.raises(IntegrityError, match="an issued paper stays as it is"):
        session.execute(change)
    session.rollback()

    assert session.scalars(select(FoundingPaper.number)).all() == ["昌市工复〔2021〕1号"]


def test_a_draft_may_be_changed_and_dropped(session, application):
    row = papers.paper_to_change(work_of(session), application.id, REQUEST)
    session.execute(update(FoundingPaper).values(words="一"))
    session.execute(delete(FoundingPaper).where(FoundingPaper.id == row.id))

    assert session.scalar(select(func.count()).select_from(FoundingPaper)) == 0


def test_no_two_papers_have_one_number_but_many_have_none(session, application):
    for kind in (REQUEST, PaperKind.ROSTER):
        session.add(FoundingPaper(application_id=application.id, kind=kind))
    session.commit()
    for kind in (REPLY, PaperKind.MEETING_REPLY):
        session.add(FoundingPaper(application_id=application.id, kind=kind, number="昌市工复〔2021〕1号"))

    with pytest.raises(IntegrityError):
        session.commit()


def test_a_round_has_one_paper_of_a_kind(session, application):
    for _time in range(2):
        session.add(FoundingPaper(application_id=application.id, kind=REPLY))

    with pytest.raises(IntegrityError):
        session.commit()


def test_a_draft_has_no_content_in_the_database(context, session, application):
    papers.paper_to_change(work_of(session), application.id, REPLY)
    session.commit()

    empty = select(func.count()).select_from(FoundingPaper).where(FoundingPaper.content.is_(None))
    assert db.session.scalar(empty) == 1
