"""The card, what it proves, who has looked, and the copy of the own data."""

import csv
import io
import struct
import zlib
from datetime import UTC, date, datetime
from html import unescape

import pytest
import zxingcpp
from sqlalchemy import select

from enrollment.members.actions import record_full_export
from enrollment.rules.regions import Territory
from enrollment.storage.audit import AuditEntry
from enrollment.storage.cards import Look
from tests import make
from tests.cast import csrf
from tests.conftest import counted

NOW = datetime(2021, 11, 30, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("enrollment.web.clock.now", lambda: NOW)


@pytest.fixture
def member(session, cast):
    """Ma Xiao, member of the joint union of Changji city since June."""
    return make.member(
        session, cast.joint_union, name="阿卜杜拉·买买提", identity="652301199001010005", phone="13912345678"
    )


@pytest.fixture
def card(session, member):
    return make.card(session, member)


def text_of(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def test_the_card_shows_name_union_and_since_when(client, card):
    page = text_of(client, f"/card/{card.link}")

    assert page.count("阿卜杜拉·买买提") == 1
    assert "Standing today: Member" in page
    assert "昌吉市快递行业联合工会委员会" in page
    assert "Member since 2021-06-01" in page
    assert f'src="/card/{card.link}/qr.png"' in page
    assert "652301199001010005" not in page
    assert "13912345678" not in page


def picture_of(png):
    """The gray values of a PNG of one bit each, as segno writes it."""
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT")
    [length] = struct.unpack(">I", png[start - 4 : start])
    packed = zlib.decompress(png[start + 4 : start + 4 + length])
    row = 1 + -(-width // 8)
    lines = [bytes(row - 1)]
    for n in range(height):
        kind, *sent = packed[n * row : (n + 1) * row]
        above = lines[-1] if kind == 2 else bytes(row - 1)  # kept as the difference to the line above
        lines.append(bytes((new + old) % 256 for new, old in zip(sent, above, strict=True)))
    bits = ("".join(f"{byte:08b}" for byte in line)[:width] for line in lines[1:])
    return memoryview(bytes(255 * int(bit) for line in bits for bit in line)).cast("B", (height, width))


def test_the_qr_code_leads_to_the_proof(client, card):
    answer = client.get(f"/card/{card.link}/qr.png")

    [read] = zxingcpp.read_barcodes(picture_of(answer.data))
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "no-store"
    assert read.text == f"http://localhost/verify/{card.code}"


@pytest.mark.parametrize(
    ("kind", "standing", "meaning"),
    [
        ("retained", "Membership retained", "you pay no dues, and you cannot vote"),
        ("transferred_out", "Moving to another union", "the new one has to take you in"),
        ("exited", "Left", "The card is not valid any more"),
        ("expelled", "Expelled", "Your membership was ended"),
        ("died", "Deceased", "This membership has ended"),
    ],
)
def test_a_card_that_is_not_valid_says_why_and_proves_nothing(client, session, cast, card, kind, standing, meaning):
    make.entry(session, card.person, cast.joint_union, kind, on=date(2021, 11, 1))

    page = text_of(client, f"/card/{card.link}")

    assert standing in page
    assert meaning in page
    assert "Not valid today" in page
    assert "data-picture" not in page
    assert "This card is not valid" in text_of(client, f"/verify/{card.code}")


def test_a_card_proves_membership_of_a_union_now_and_nothing_more(client, card):
    page = text_of(client, f"/verify/{card.code.lower()}")

    assert "This card is valid" in page
    assert "昌吉市快递行业联合工会委员会" in page
    assert "2021-11-30 12:00, Beijing time" in page
    said = page.split("<main", 1)[1].split("</main>", 1)[0]
    for secret in ("买买提", "0005", "139", "2021-06-01", card.person.code, card.link):
        assert secret not in said


def test_an_unknown_code_is_answered_like_a_card_that_ended(client, session, cast, card):
    make.entry(session, card.person, cast.joint_union, "exited", on=date(2021, 11, 1))

    ended, unknown = (text_of(client, f"/verify/{code}").replace(code, "") for code in (card.code, "NEVERWASACARD"))

    assert ended == unknown


def test_the_page_leads_to_what_can_be_asked_for(client, session, cast, card):
    asks = [f"/card/{card.link}/ask/{kind}" for kind in ("transfer", "retain", "leave")]
    page = text_of(client, f"/card/{card.link}")
    assert all(f'href="{path}"' in page for path in asks)

    make.entry(session, card.person, cast.joint_union, "exited", on=date(2021, 11, 1))
    page = text_of(client, f"/card/{card.link}")
    assert not any(f'href="{path}"' in page for path in asks)
    assert "Join a union" in page


def test_looks_are_told_newest_first_by_role_and_county_and_never_by_name(client, session, cast, card):
    application = make.join_application(session, identity=card.person.identity)
    other = make.join_application(session, identity="652328198512310005")
    by = {"at": NOW, "account_id": cast.city.id, "role": "county_cadre"}
    session.add_all(
        [
            Look(**by, reason="核对身份", application_id=application.id),
            Look(**by, reason="打电话通知", person_id=card.person_id),
            Look(**by, reason="别人的", application_id=other.id),
            Look(at=NOW, role="visitor", reason="系统维护", person_id=card.person_id),
        ]
    )
    session.commit()

    page = text_of(client, f"/card/{card.link}/looks")

    assert page.index("系统维护") < page.index("打电话通知") < page.index("核对身份")
    assert page.count("County cadre, 昌吉市") == 2
    assert page.count("Operator of this system") == 1
    assert page.count("2021-11-30 12:00") == 3
    assert "别人的" not in page
    assert "张干部" not in page


def test_nobody_has_looked(client, card):
    assert "Nobody has looked at your full numbers." in text_of(client, f"/card/{card.link}/looks")


@pytest.mark.parametrize(
    ("territory", "as_of", "counts"),
    [
        ("652301", date(2021, 6, 1), True),
        ("652300", date(2021, 11, 30), True),
        ("652302", date(2021, 11, 30), False),
        ("652301", date(2021, 5, 31), False),
        ("652301", date(2021, 11, 15), True),
        ("652301", date(2021, 11, 20), False),
    ],
)
def test_an_export_counts_for_who_was_a_member_there_on_its_day(
    client, session, cast, card, app, territory, as_of, counts
):
    if as_of > date(2021, 11, 1) and territory == "652301":
        make.entry(session, card.person, cast.joint_union, "exited", on=date(2021, 11, 20))
    with app.app_context():
        record_full_export(
            Territory(territory), as_of, reason="办理互助保障", persons=1, by=cast.prefecture.as_actor(), now=NOW
        )

    page = text_of(client, f"/card/{card.link}/looks")

    assert ("办理互助保障" in page) is counts
    assert ("Prefecture cadre, 昌吉回族自治州" in page) is counts
    assert ("with all members of the place, as a file" in page) is counts


def test_many_looks_cost_no_more_statements_than_one(client, session, cast, card, statements):
    def look():
        session.add(Look(at=NOW, account_id=cast.city.id, role="county_cadre", reason="核对", person_id=card.person_id))
        session.commit()

    look()
    with counted(statements) as one:
        client.get(f"/card/{card.link}/looks")
    for _ in range(29):
        look()
    with counted(statements) as thirty:
        page = client.get(f"/card/{card.link}/looks").get_data(as_text=True)

    assert page.count("history__row") == 30
    assert len(one) == len(thirty)


def copy_of(client, path, asks, tail):
    answer = client.post(path, data={"csrf_token": csrf(client, asks), "tail": tail})
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))), answer


def test_a_copy_of_the_own_data_holds_everything_and_is_written_down(client, session, cast, card):
    card.person.employer_id = cast.small_a.id
    session.add(Look(at=NOW, account_id=cast.city.id, role="county_cadre", reason="核对身份", person_id=card.person_id))
    session.commit()
    application = make.join_application(
        session, steps=(make.Step.SUBMITTED, make.Step.APPROVED), identity=card.person.identity
    )

    rows, answer = copy_of(
        client, f"/card/{card.link}/my-data.csv", f"/card/{card.link}/my-data", card.person.identity[-4:]
    )

    assert rows == [
        ["Item", "Value"],
        ["Name", "阿卜杜拉·买买提"],
        ["Sex", "Female"],
        ["Born on", "1990-01-01"],
        ["Identity number", "652301199001010005\t"],
        ["Mobile number", "13912345678\t"],
        ["Work", "Courier"],
        ["How you work", "I signed a labor contract with a company"],
        ["Place of work", "昌吉市 宁边路街道"],
        ["Place of residence", "昌吉市 宁边路街道"],
        ["Employer", "快马网点"],
        ["Member code", card.person.code],
        ["Standing today", "Member"],
        ["Membership", "2021-06-01 Joined 昌吉市快递行业联合工会委员会"],
        ["Application", f"{application.number} Join a union Approved"],
        ["Employer", "顺达快递"],
        ["People employed", ""],
        ["Plate", ""],
        ["Applied to", "The county union's holding pool"],
        ["Filled in by", ""],
        ["Confirmed", "By code on this phone"],
        ["Agreed to the use of the identity number", "Yes"],
        ["Agreed to the upper union's database", "Yes"],
        ["Version of the texts agreed to", "2021-11"],
        ["Full number looked at", "2021-11-30 12:00 County cadre, 昌吉市: 核对身份"],
    ]
    assert "my-data_2021-11-30.csv" in answer.headers["Content-Disposition"]
    session.rollback()
    [line] = session.scalars(select(AuditEntry).where(AuditEntry.act == "copy_own_data"))
    assert (line.actor, line.subject) == ("visitor", card.person.code)
    assert session.scalars(select(Look)).all()[1:] == []


def test_a_copy_without_the_button_is_none(client, session, card):
    assert client.get(f"/card/{card.link}/my-data.csv").location == f"/card/{card.link}"
    assert client.post(f"/card/{card.link}/my-data.csv").status_code == 422
    assert client.post("/card/NONE/my-data.csv").status_code == 404
    assert session.scalars(select(AuditEntry)).all() == []


def test_the_own_data_is_masked_on_the_page(client, card):
    page = text_of(client, f"/card/{card.link}/my-data")

    assert "**************0005" in page
    assert "139****5678" in page
    assert "Open in browser" in page
    assert "After leaving the union" in page
