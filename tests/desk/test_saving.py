"""Filters kept under a name: one's own, at most twenty, the second tap makes one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from enrollment.desk import saving
from enrollment.desk.queries import Search
from enrollment.storage.audit import AuditEntry
from enrollment.storage.failures import Refused
from enrollment.storage.shortcuts import SavedFilter
from tests import make
from tests.cast import PREFECTURE, csrf, sign_in


def save(client, name, query=""):
    return client.post(f"/desk/filters{query}", data={"csrf_token": csrf(client, "/desk"), "name": name})


def kept(session):
    session.rollback()
    return session.execute(select(SavedFilter.name, SavedFilter.query).order_by(SavedFilter.id)).all()


def test_a_filter_is_kept_in_one_order_and_opens_by_its_link(client, session, cast):
    answer = save(sign_in(client), "快递员", "?q=李&union=%E5%BF%AB&group=courier&page=3&view=overdue&kind=")

    page = client.get(answer.location).get_data(as_text=True)
    assert answer.location == "/desk?view=overdue&group=courier&union=%E5%BF%AB"
    assert kept(session) == [("快递员", "view=overdue&group=courier&union=%E5%BF%AB")]
    link = answer.location.replace("&", "&amp;")
    assert f'<a class="small" href="{link}" aria-current="page">' in page
    assert session.scalars(select(AuditEntry.account_id).where(AuditEntry.act == "save_filter")).all() == [cast.city.id]


def test_a_name_kept_in_a_filter_of_before_asks_for_nobody(client, session, cast):
    rows = [make.join_application(session, name=name) for name in ("李建国", "阿里木")]
    session.add(SavedFilter(account_id=cast.city.id, name="李", query="view=all&q=%E6%9D%8E", saved_at=make.NOW))
    session.commit()

    page = sign_in(client).get("/desk?view=all&q=李").get_data(as_text=True)

    assert all(row.number in page for row in rows)
    assert 'href="/applications.csv?view=all"' in page
    assert 'action="/desk/filters?view=all"' in page


def test_the_second_tap_makes_one(client, session, cast):
    for _tap in (1, 2):
        assert save(sign_in(client), "全部", "?view=all").status_code == 303

    assert kept(session) == [("全部", "view=all")]


def test_two_taps_at_once_make_one(app, session, cast):
    by = cast.city.as_actor()

    def tap(_n):
        with app.app_context():
            saving.save_filter("全部", Search("all"), by=by, now=make.NOW)

    with ThreadPoolExecutor() as pool:
        list(pool.map(tap, range(4)))

    assert kept(session) == [("全部", "view=all")]


def test_a_name_that_is_there_gets_the_filter_and_a_filter_that_is_there_the_name(client, session, cast):
    sign_in(client)
    save(client, "甲", "?view=today")
    save(client, "甲", "?view=overdue")
    assert kept(session) == [("甲", "view=overdue")]

    save(client, "乙", "?view=overdue")
    assert kept(session) == [("乙", "view=overdue")]


def test_nobody_sees_or_drops_those_of_another(client, session, cast):
    save(sign_in(client), "我的", "?view=today")

    page = sign_in(client, PREFECTURE).get("/desk").get_data(as_text=True)
    client.post("/desk/filters/drop", data={"csrf_token": csrf(client, "/desk"), "name": "我的"})

    assert "我的" not in page
    assert kept(session) == [("我的", "view=today")]


def test_the_own_is_dropped_and_the_second_tap_finds_nothing_to_do(client, session, cast):
    save(sign_in(client), "我的", "?view=today")

    for _tap in (1, 2):
        sent = {"csrf_token": csrf(client, "/desk"), "name": "我的"}
        assert client.post("/desk/filters/drop", data=sent).location == "/desk"

    assert kept(session) == []


def test_at_most_twenty_and_the_twentieth_may_still_change(context, session, cast):
    by = cast.city.as_actor()
    for n in range(saving.MOST):
        saving.save_filter(f"第{n}个", Search(union="快" * (n + 1)), by=by, now=make.NOW)

    with pytest.raises(Refused) as no:
        saving.save_filter("多了", Search("all"), by=by, now=make.NOW)
    saving.save_filter("第19个", Search("all"), by=by, now=make.NOW)

    assert no.value.reasons == ("too_many_filters",)
    assert len(kept(session)) == saving.MOST == 20


def test_one_too_many_is_said_in_place(client, session, cast):
    session.add_all(
        SavedFilter(account_id=cast.city.id, name=f"第{n}个", query=f"union={n}", saved_at=make.NOW) for n in range(20)
    )
    session.commit()

    answer = save(sign_in(client), "多了", "?view=all")

    assert answer.status_code == 422
    assert "Twenty filters are kept already: delete one first." in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["", "  ", "长" * 41])
def test_a_name_that_is_none_is_asked_again(client, session, cast, name):
    assert save(sign_in(client), name, "?view=all").status_code == 422
    assert kept(session) == []


def test_a_filter_that_is_none_is_not_kept(client, session, cast):
    assert save(sign_in(client), "坏", "?sent_from=x").status_code == 422
    assert save(client, "外", "?county=652302").status_code == 404
    assert kept(session) == []


def test_a_name_that_is_none_drops_nothing(client, session, cast):
    save(sign_in(client), "我的", "?view=today")

    answer = client.post("/desk/filters/drop", data={"csrf_token": csrf(client, "/desk"), "name": ""})

    assert answer.location == "/desk"
    assert kept(session) == [("我的", "view=today")]
