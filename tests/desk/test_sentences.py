"""Ready sentences: a county's own, kept for good, and sent with a decision alone or beside free words."""

import pytest
from sqlalchemy import select

from enrollment.desk import sentences
from enrollment.desk.sentences import Spot
from enrollment.rules.applications import Step
from enrollment.rules.sentences import DEFAULTS
from enrollment.storage.applications import ApplicationAct
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Missing
from enrollment.storage.shortcuts import ReadySentence
from tests import make
from tests.cast import NEXT_COUNTY, PREFECTURE, csrf, sign_in

CITY = "652301"
PAGE = "/desk/sentences"
FIRST = DEFAULTS[Step.RETURNED][0]


def send(client, path, **sent):
    return client.post(path, data={"csrf_token": csrf(client, PAGE), **sent})


def texts(client, purpose=Step.RETURNED, county=CITY):
    """What the page offers to be changed for a decision."""
    page = client.get(f"{PAGE}?county={county}").get_data(as_text=True)
    words = {Step.RETURNED: "For returning", Step.REFUSED: "For not accepting", Step.APPROVED: "For approving"}
    section = page.split(f'card__title">{words[purpose]}</h2>')[1].split("</section>")[0]
    return [part.split('"')[0] for part in section.split('name="before" value="')[1:]]


def kept(session):
    """(position, text, ended) of all rows for a return."""
    session.rollback()
    rows = session.scalars(select(ReadySentence).where(ReadySentence.purpose == "returned").order_by(ReadySentence.id))
    return [(row.position, row.text, row.ended_at is not None) for row in rows]


@pytest.mark.parametrize("purpose", DEFAULTS)
def test_a_county_that_wrote_none_sees_the_defaults(client, session, cast, purpose):
    assert texts(sign_in(client), purpose) == list(DEFAULTS[purpose])
    assert kept(session) == []


def test_a_new_one_comes_last_and_the_defaults_become_the_countys_own(client, session, cast):
    sign_in(client)

    for _tap in (1, 2):
        answer = send(client, PAGE, purpose="returned", text="请补充车牌号。")
        assert answer.location == f"{PAGE}?county=652301"

    assert texts(client) == [*DEFAULTS[Step.RETURNED], "请补充车牌号。"]
    assert texts(client, Step.REFUSED) == list(DEFAULTS[Step.REFUSED])
    assert len(kept(session)) == len(DEFAULTS[Step.RETURNED]) + 1
    noted = session.execute(select(AuditEntry.subject, AuditEntry.note).where(AuditEntry.act == "change_sentences"))
    assert noted.all() == [(CITY, "returned"), (CITY, "returned")]


def test_a_changed_one_ends_and_another_takes_its_place(client, session, cast):
    sign_in(client)

    for _tap in (1, 2):
        answer = send(client, f"{PAGE}/652301/returned/1", text="请核对号码。", before=FIRST)
        assert (answer.status_code, answer.location) == (303, f"{PAGE}?county=652301")

    assert texts(client)[0] == "请核对号码。"
    assert [row for row in kept(session) if row[0] == 1] == [(1, FIRST, True), (1, "请核对号码。", False)]
    ended = session.scalars(select(ReadySentence).where(ReadySentence.text == FIRST)).one()
    assert (ended.account_id, ended.ended_by_id) == (cast.city.id, cast.city.id)


def test_an_ended_one_is_offered_no_more_and_all_may_end(client, session, cast):
    sign_in(client)

    for position, text in enumerate(DEFAULTS[Step.RETURNED], 1):
        for _tap in (1, 2):
            assert send(client, f"{PAGE}/652301/returned/{position}/end", before=text).status_code == 303

    assert texts(client) == []
    assert "None yet." in client.get(PAGE).get_data(as_text=True)
    assert [ended for _position, _text, ended in kept(session)] == [True] * len(DEFAULTS[Step.RETURNED])


def test_who_read_an_older_text_changes_nothing(client, session, cast):
    send(sign_in(client), f"{PAGE}/652301/returned/1", text="请核对号码。", before=FIRST)

    changed = send(client, f"{PAGE}/652301/returned/1", text="另一句。", before=FIRST)
    ended = send(client, f"{PAGE}/652301/returned/1/end", before=FIRST)

    assert (changed.status_code, ended.status_code) == (409, 409)
    assert texts(client)[0] == "请核对号码。"


def test_an_ended_one_is_not_changed_any_more(client, session, cast):
    send(sign_in(client), f"{PAGE}/652301/returned/1/end", before=FIRST)

    assert send(client, f"{PAGE}/652301/returned/1", text="又来。", before=FIRST).status_code == 409


@pytest.mark.parametrize("path", ["returned/99", "returned/x", "withdrawn/1"])
def test_what_never_stood_is_not_there(client, cast, path):
    assert send(sign_in(client), f"{PAGE}/652301/{path}", text="一句。", before="").status_code == 404


@pytest.mark.parametrize("text", ["", "  ", "长" * 201])
def test_a_sentence_that_is_none_is_asked_again(client, session, cast, text):
    sign_in(client)

    added = send(client, PAGE, purpose="returned", text=text)
    changed = send(client, f"{PAGE}/652301/returned/1", text=text, before=FIRST)

    assert (added.status_code, changed.status_code) == (422, 422)
    assert "Please look at this again" in changed.get_data(as_text=True)
    assert kept(session) == []


def test_another_countys_are_neither_seen_nor_changed(client, session, cast):
    send(sign_in(client), PAGE, purpose="returned", text="昌吉市的话。")
    sign_in(client, NEXT_COUNTY)

    assert client.get(f"{PAGE}?county=652301").status_code == 404
    assert "昌吉市的话。" not in client.get(PAGE).get_data(as_text=True)
    assert send(client, f"{PAGE}?county=652301", purpose="returned", text="外面的话。").status_code == 404
    assert send(client, f"{PAGE}/652301/returned/1", text="外面的话。", before=FIRST).status_code == 404
    assert send(client, f"{PAGE}/652301/returned/1/end", before=FIRST).status_code == 404
    assert texts(sign_in(client))[-1] == "昌吉市的话。"


def test_the_action_itself_knows_no_other_county(context, cast):
    stranger = cast.next_county.as_actor()

    with pytest.raises(Missing):
        sentences.add_sentence(CITY, Step.RETURNED, "外面的话。", by=stranger, now=make.NOW)
    with pytest.raises(Missing):
        sentences.change_sentence(Spot(CITY, Step.RETURNED, 1, FIRST), "", by=stranger, now=make.NOW)


def test_the_prefecture_chooses_a_county(client, cast):
    send(sign_in(client), PAGE, purpose="returned", text="昌吉市的话。")
    sign_in(client, PREFECTURE)

    send(client, f"{PAGE}?county=652302", purpose="returned", text="州里替阜康写的话。")

    assert texts(client)[-1] == "昌吉市的话。"
    assert texts(client, county="652302")[-1] == "州里替阜康写的话。"
    assert texts(client, county="652300") == list(DEFAULTS[Step.RETURNED])


def test_two_at_one_place_at_once_is_a_conflict(context, session, cast):
    session.add(ReadySentence(county_code=CITY, purpose="returned", position=1, text="甲", written_at=make.NOW))
    session.commit()
    session.add(ReadySentence(county_code=CITY, purpose="returned", position=1, text="乙", written_at=make.NOW))

    with pytest.raises(Exception, match=r"(?i)unique"):
        session.commit()


# --- with a decision ----------------------------------------------------------------------------------------------


def decide(client, number, **answers):
    token = csrf(client, f"/desk/{number}")
    return client.post(f"/desk/{number}/decision", data={"csrf_token": token, "version": 1, **answers})


def said(session, step):
    return session.scalars(select(ApplicationAct.note).where(ApplicationAct.step == step)).one()


@pytest.mark.parametrize(
    ("note", "text"),
    [("", FIRST), ("今天内补。", f"{FIRST}今天内补。"), (f"您好。{FIRST}", f"您好。{FIRST}")],
)
def test_a_sentence_is_reason_enough_for_a_return_alone_or_beside_words(client, session, cast, note, text):
    row = make.join_application(session)

    answer = decide(
        sign_in(client), row.number, step="returned", marked=["identity"], sentence_returned=FIRST, note=note
    )

    assert answer.status_code == 303
    assert said(session, "returned") == text


def test_only_the_sentence_of_the_decision_goes_out(client, session, cast):
    row = make.join_application(session)
    refusal = DEFAULTS[Step.REFUSED][3]

    decide(
        sign_in(client),
        row.number,
        step="refused",
        ground="untrue_documents",
        sentence_returned=FIRST,
        sentence_refused=refusal,
        sentence_approved=DEFAULTS[Step.APPROVED][0],
    )

    assert said(session, "refused") == refusal


def test_a_return_with_a_sentence_still_needs_marked_fields(client, session, cast):
    row = make.join_application(session)

    answer = decide(sign_in(client), row.number, step="returned", sentence_returned=FIRST)

    assert answer.status_code == 422
    assert "Mark what has to be corrected." in answer.get_data(as_text=True)
    assert "Write what has to be corrected." not in answer.get_data(as_text=True)


def test_a_sentence_of_nobody_is_not_sent(client, session, cast):
    row = make.join_application(session)

    answer = decide(sign_in(client), row.number, step="returned", marked=["name"], sentence_returned="编的话。")

    assert answer.status_code == 422


def test_sentence_and_words_together_are_at_most_five_hundred_characters(client, session, cast):
    row = make.join_application(session)
    sign_in(client)
    sent = {"step": "returned", "marked": ["name"], "sentence_returned": FIRST}

    over = decide(client, row.number, note="字" * (501 - len(FIRST)), **sent)
    full = decide(client, row.number, note="字" * (500 - len(FIRST)), **sent)

    assert (over.status_code, full.status_code) == (422, 303)
    assert "Enter at most 500 characters, the ready sentence among them." in over.get_data(as_text=True)
    assert len(said(session, "returned")) == 500


def test_the_prefecture_deciding_for_a_county_sees_that_countys(client, session, cast):
    send(sign_in(client), PAGE, purpose="returned", text="昌吉市的话。")
    own = make.join_application(session)
    other = make.join_application(session, application={"county_code": "652302"})
    sign_in(client, PREFECTURE)

    assert "昌吉市的话。" in client.get(f"/desk/{own.number}").get_data(as_text=True)
    assert "昌吉市的话。" not in client.get(f"/desk/{other.number}").get_data(as_text=True)


def test_without_a_token_nothing_ends(client, session, cast):
    answer = sign_in(client).post(f"{PAGE}/652301/returned/1/end", data={"before": FIRST})

    assert answer.status_code == 303
    assert kept(session) == []
