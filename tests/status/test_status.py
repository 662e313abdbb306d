"""The applicant's page: receipt, history, correction, withdrawal."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from enrollment.rules import deadlines
from enrollment.rules.access import VISITOR
from enrollment.rules.applications import Step
from enrollment.rules.stages import FoundingStep
from enrollment.status import actions
from enrollment.storage.applications import Application, ApplicationAct, JoinDetails
from enrollment.storage.failures import Missing
from enrollment.storage.people import IDENTITY, PHONE
from enrollment.storage.vault import vault
from enrollment.web import clock
from tests import make
from tests.cast import Cast, csrf
from tests.conftest import SETTINGS, counted

LINK = "ABCDEFGHJKLMNPQR"
HERE = f"/status/{LINK}"
AT = {"application": {"link": LINK}}
OTHER_IDENTITY = make.identity_number(date(1988, 2, 29))


@pytest.fixture(autouse=True)
def english(client: FlaskClient) -> None:
    client.set_cookie("lang", "en")


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def words_of(answer: TestResponse) -> str:
    """What a person reads, on one line."""
    main = text_of(answer).split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def history_of(answer: TestResponse) -> list[tuple[str, str]]:
    """(step, who) of each act, newest first."""
    return re.findall(
        r'<p class="history__text">([^<]*)</p>\s*<p class="history__when"><time>[^<]*</time> · ([^<]*)</p>',
        text_of(answer),
    )


def asked(answer: TestResponse) -> list[str]:
    """The questions on the page."""
    return re.findall(r'<(?:input|select|textarea)[^>]* name="(?!csrf_token)([^"]+)"', text_of(answer))


def now_is(session: Session) -> Application:
    session.rollback()  # see what the pages have done meanwhile
    return session.scalars(select(Application).where(Application.link == LINK)).one()


def steps(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(ApplicationAct.step).order_by(ApplicationAct.id)))


def decided(session: Session, cast: Cast, *, fields: tuple[str, ...] = (), reason: str = "", note: str = "") -> None:
    """Say who took the last act, and what was said."""
    act = session.scalars(select(ApplicationAct).order_by(ApplicationAct.id.desc())).first()
    assert act is not None
    act.account_id, act.actor, act.fields, act.reason, act.note = cast.city.id, "张干部", list(fields), reason, note
    session.commit()


def returned(session: Session, cast: Cast, *fields: str) -> None:
    make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED), **AT)
    decided(session, cast, fields=fields, note="请核对")


def correct(client: FlaskClient, **answers: object) -> TestResponse:
    return client.post(HERE, data={"csrf_token": csrf(client, HERE), **answers})


# --- finding it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", [LINK, "abcd-efgh jklm-npqr", f"https://example.test/status/{LINK}", f" {LINK.lower()} "]
)
def test_the_code_is_found_however_it_is_written(client: FlaskClient, cast: Cast, session: Session, code: str) -> None:
    make.join_application(session, **AT)

    answer = client.post("/status", data={"csrf_token": csrf(client, "/status"), "code": code})

    assert answer.status_code == 303
    assert answer.location == HERE


@pytest.mark.parametrize(
    "code, words",
    [
        ("", "Enter the code of the receipt."),
        ("ABCD", "The code has 16 letters and digits. Count them once more."),
        ("22222222ABCDEFGH", "There is no application with this code. Compare it once more."),
    ],
)
def test_a_code_that_leads_nowhere_says_why(client: FlaskClient, cast: Cast, code: str, words: str) -> None:
    answer = client.post("/status", data={"csrf_token": csrf(client, "/status"), "code": code})

    assert answer.status_code == 422
    assert words in text_of(answer)


def test_an_unknown_link_is_404(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/status/NOBODY").status_code == 404
    assert client.get("/status/NOBODY/withdraw").status_code == 404
    assert client.post("/status/NOBODY").status_code == 404


# --- what it shows ------------------------------------------------------------------------------------------------


def test_the_receipt_shows_number_link_and_day(client: FlaskClient, cast: Cast, session: Session) -> None:
    row = make.join_application(session, **AT)

    answer = client.get(HERE)

    words = words_of(answer)
    assert '<h1 class="heading__title">With the county union</h1>' in text_of(answer)
    assert f"Number {row.number}" in words
    assert "ABCD EFGH JKLM NPQR" in words
    assert 'aria-label="QR code of this page"><svg' in text_of(answer)
    assert "County union of 昌吉市" in words
    assert "2021-12-07 (local time limit)" in words
    assert SETTINGS.contact_phone in words
    assert history_of(answer) == [("Application sent", "You")]
    assert "2021-11-30 12:00" in words  # Beijing time


def test_numbers_are_masked(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.join_application(session, phone="13812345678", identity=OTHER_IDENTITY, **AT)

    join = text_of(client.get(HERE))

    assert "138****5678" in join
    assert f"{'*' * 14}{OTHER_IDENTITY[-4:]}" in join
    assert "13812345678" not in join
    assert OTHER_IDENTITY not in join


@pytest.mark.parametrize(
    "steps",
    [
        (FoundingStep.STARTED,),
        (FoundingStep.STARTED, FoundingStep.SUBMITTED),
        (FoundingStep.STARTED, FoundingStep.SUBMITTED, FoundingStep.RETURNED),
        (FoundingStep.STARTED, FoundingStep.WITHDRAWN),
    ],
    ids=" ".join,
)
def test_a_founding_has_its_page_with_its_group_and_nothing_of_it_is_done_here(
    client: FlaskClient, cast: Cast, session: Session, steps: tuple[FoundingStep, ...]
) -> None:
    make.founding_application(session, steps=steps, contact_phone="13912345678", **AT)
    token = csrf(client, "/status")
    before = now_is(session)

    shown = client.get(HERE)
    sent = client.post(HERE, data={"csrf_token": token, "contact_name": "别人", "workers": "9"})
    found = client.post("/status", data={"csrf_token": token, "code": LINK})

    assert (shown.status_code, shown.location) == (303, f"/founding/{LINK}")
    assert (sent.status_code, sent.location) == (303, f"/founding/{LINK}")
    assert found.location == HERE
    assert "13912345678" not in text_of(shown)
    assert client.get(f"{HERE}/withdraw").status_code == 404
    assert client.post(f"{HERE}/withdraw", data={"csrf_token": token}).status_code == 404
    assert client.post(f"{HERE}/card", data={"csrf_token": token}).status_code == 404
    after = now_is(session)
    assert (after.state, after.version) == (before.state, len(steps))


@pytest.mark.parametrize(
    "act",
    [
        lambda: actions.correct_application(
            LINK, {"name": "别人"}, by=VISITOR, now=make.NOW, today=make.TODAY, review_working_days=5
        ),
        lambda: actions.withdraw_application(LINK, by=VISITOR, now=make.NOW, today=make.TODAY),
        lambda: actions.record_copy(LINK, by=VISITOR, now=make.NOW),
    ],
    ids=["correct", "withdraw", "copy"],
)
def test_the_actions_themselves_know_no_founding(
    context: None, cast: Cast, session: Session, act: Callable[[], object]
) -> None:
    make.founding_application(session, steps=(FoundingStep.STARTED, FoundingStep.SUBMITTED), **AT)

    with pytest.raises(Missing):
        act()
    assert steps(session) == ["started", "submitted"]


def test_history_names_applicant_and_territory(client: FlaskClient, cast: Cast, session: Session) -> None:
    returned(session, cast, "employer_name", "phone")

    answer = client.get(HERE)

    assert history_of(answer) == [("Returned for correction", "昌吉市"), ("Application sent", "You")]
    assert "张干部" not in text_of(answer)
    assert "Employer, Mobile number" in text_of(answer)
    assert "请核对" in text_of(answer)


def test_a_refusal_says_the_ground_and_how_to_go_on(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.join_application(session, steps=(Step.SUBMITTED, Step.REFUSED), **AT)
    decided(session, cast, reason="outside_this_union", note="请到阜康申请")

    answer = client.get(HERE)

    assert "Outside what this union takes in; passed on" in words_of(answer)
    assert "请到阜康申请" in words_of(answer)
    assert "ask for a second look" in words_of(answer)
    assert '<a href="/join">Apply again</a>' in text_of(answer)
    assert "Withdraw" not in words_of(answer)


def test_an_approval_says_which_union_and_since_when(client: FlaskClient, cast: Cast, session: Session) -> None:
    changes = {"application": {"link": LINK, "union_id": cast.joint_union.id}, "steps": (Step.SUBMITTED, Step.APPROVED)}
    make.join_application(session, **changes)

    words = words_of(client.get(HERE))

    assert "昌吉市快递行业联合工会委员会" in words
    assert "You are a member since 2021-11-30." in words


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_for_any_number_of_acts(
    client: FlaskClient, cast: Cast, session: Session, statements: list[str], number: int
) -> None:
    make.join_application(session, steps=(Step.SUBMITTED, *[Step.CONFIRMED] * number), **AT)

    with counted(statements) as sent:
        assert client.get(HERE).status_code == 200

    assert len(sent) == 4  # beside the page: has this network guessed too often, and whose desk it lies on


# --- correcting ---------------------------------------------------------------------------------------------------


def test_a_returned_page_shows_only_the_marked_questions(client: FlaskClient, cast: Cast, session: Session) -> None:
    returned(session, cast, "name", "identity", "phone")

    answer = client.get(HERE)

    assert asked(answer) == ["name", "identity", "phone"]
    assert 'value="李建国"' in text_of(answer)
    assert re.search(r'<input[^>]*name="identity"[^>]*value=""', text_of(answer))
    assert re.search(r'<input[^>]*name="phone"[^>]*value=""', text_of(answer))
    assert "请核对" in words_of(answer)


def test_a_correction_goes_back_to_the_county(client: FlaskClient, cast: Cast, session: Session) -> None:
    returned(session, cast, "name", "identity", "phone", "home_region")

    answer = correct(
        client, name="李・建国", identity=OTHER_IDENTITY, phone="139 1234 5678", home_region="652302001", group="other"
    )

    application = now_is(session)
    assert answer.status_code == 303
    assert (application.state, application.version) == ("submitted", 3)
    assert application.due_on == deadlines.after_working_days(clock.today(), SETTINGS.review_working_days)
    join = session.scalars(select(JoinDetails)).one()
    assert (join.name, join.identity, join.phone, join.home_region) == (
        "李·建国",
        OTHER_IDENTITY,
        "13912345678",
        "652302001",
    )
    assert join.identity_match == vault.match(OTHER_IDENTITY, IDENTITY)
    assert join.phone_match == vault.match("13912345678", PHONE)
    assert (join.born_on, join.sex) == (date(1988, 2, 29), "2")
    assert (join.identity_masked[-4:], join.phone_masked) == (OTHER_IDENTITY[-4:], "139****5678")
    assert join.group == "courier"  # it was not marked
    assert steps(session) == ["submitted", "returned", "corrected"]
    assert "Corrected and sent again" in history_of(client.get(HERE))[0]


@pytest.mark.parametrize("asked_for, county", [("shunda_union", "652301"), ("", "652302")])
def test_another_place_of_work_moves_an_application_that_is_nobodys_yet(
    client: FlaskClient, cast: Cast, session: Session, asked_for: str, county: str
) -> None:
    union_id = getattr(cast, asked_for).id if asked_for else None
    application = {"link": LINK, "union_id": union_id}
    make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED), application=application)
    decided(session, cast, fields=("work_region",))

    assert correct(client, work_region="652302001").status_code == 303

    assert (now_is(session).county_code, now_is(session).union_id) == (county, union_id)


def test_the_second_tap_of_a_correction_is_no_new_act(client: FlaskClient, cast: Cast, session: Session) -> None:
    returned(session, cast, "name")
    sent = {"csrf_token": csrf(client, HERE), "name": "李建国"}

    first, second = client.post(HERE, data=sent), client.post(HERE, data=sent)

    assert (first.status_code, second.status_code) == (303, 303)
    assert steps(session) == ["submitted", "returned", "corrected"]


def test_a_wrong_correction_says_which_part(client: FlaskClient, cast: Cast, session: Session) -> None:
    returned(session, cast, "name", "identity")

    answer = correct(client, name="李新", identity=OTHER_IDENTITY[:-1] + ("1" if OTHER_IDENTITY[-1] != "1" else "2"))

    assert answer.status_code == 422
    assert "The last character does not fit the others" in text_of(answer)
    assert 'value="李新"' in text_of(answer)
    assert now_is(session).state == "returned"


def test_an_identity_under_way_elsewhere_is_refused(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.join_application(session, identity=OTHER_IDENTITY)
    returned(session, cast, "identity")

    answer = correct(client, identity=OTHER_IDENTITY)

    assert answer.status_code == 422
    assert "An application with this identity number is already under way." in text_of(answer)
    assert now_is(session).state == "returned"


def test_nothing_is_corrected_that_was_not_returned(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.join_application(session, **AT)
    token = csrf(client, f"{HERE}/withdraw")

    assert client.post(HERE, data={"csrf_token": token, "name": "别人"}).status_code == 409
    assert session.scalars(select(JoinDetails.name)).one() == "李建国"


def test_a_link_that_is_gone_corrects_nothing(context: None, cast: Cast) -> None:
    with pytest.raises(Missing):
        actions.correct_application("NOBODY", {}, by=VISITOR, now=make.NOW, today=make.TODAY, review_working_days=5)


# --- taking it back -----------------------------------------------------------------------------------------------


def withdraw(client: FlaskClient) -> TestResponse:
    path = f"{HERE}/withdraw"
    return client.post(path, data={"csrf_token": csrf(client, path)})


def test_it_can_be_withdrawn_once_after_a_question(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.join_application(session, **AT)

    assert "Withdraw the application?" in words_of(client.get(f"{HERE}/withdraw"))
    assert withdraw(client).location == HERE
    assert withdraw(client).location == HERE
    assert steps(session) == ["submitted", "withdrawn"]
    assert "You may apply again at any time." in words_of(client.get(HERE))


def test_what_is_decided_cannot_be_withdrawn(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.join_application(session, steps=(Step.SUBMITTED, Step.APPROVED), **AT)

    assert withdraw(client).status_code == 409
    assert now_is(session).state == "approved"


def test_withdrawing_needs_the_token(client: FlaskClient, cast: Cast, session: Session) -> None:
    make.join_application(session, **AT)

    assert client.post(f"{HERE}/withdraw").status_code == 422
    assert now_is(session).state == "submitted"


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [("code", "13900001111", ""), ("code", "13800000001", "code"), ("signature", "13900001111", "signature")],
)
def test_another_phone_is_not_the_one_the_code_was_sent_to(client, session, cast, before, typed, after):
    make.join_application(session, steps=(Step.SUBMITTED, Step.RETURNED), confirmed_by=before, **AT)
    decided(session, cast, fields=("phone",), note="打不通")

    answer = client.post(HERE, data={"csrf_token": csrf(client, HERE), "phone": typed})

    assert answer.status_code == 303
    assert session.scalars(select(JoinDetails.confirmed_by)).one() == after


def test_who_filled_it_in_is_named_to_the_worker(client, session, cast):
    make.join_application(session, confirmed_by="signature", filled_by_name="王组织", **AT)

    page = client.get(HERE)

    assert history_of(page) == [("Application sent", "王组织, for you")]
    assert "One step is missing" in text_of(page)
