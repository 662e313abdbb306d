"""Alibaba Cloud SMS against a server of our own that checks the signature as the provider does."""

import hashlib
import hmac
import json
import logging
import socket
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from sqlalchemy import select

from enrollment.messages import aliyun
from enrollment.messages.aliyun import AliyunGateway
from enrollment.messages.gateways import AnswerLost, NotAccepted, Receipt
from enrollment.messages.office import Office, office, open_office
from enrollment.messages.outbox import Delivered, Left, deliver, left, queue
from enrollment.rules.access import VISITOR, Act
from enrollment.settings import Aliyun, SettingsError
from enrollment.storage.database import transaction
from enrollment.storage.outbox import Message
from tests.make import NOW
from tests.messages.test_gateways import TEMPLATES

KEY_ID, SECRET = "test-key-id", "test-key-secret"
MINE, VALUES = "13800000001", {"code": "123456"}
TAKEN = {"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0", "RequestId": "F655A8D5"}
SILENCE = "silence"
ALGORITHM = "ACS3-HMAC-SHA256"


def signature(method, path, query, headers, signed, body):
    """ACS3-HMAC-SHA256 as the provider's documentation describes it, written anew from what arrived."""
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query)
    canonical = "\n".join(
        [
            method,
            path,
            "&".join(f"{name}={value}" for name, value in encoded),
            "".join(f"{name}:{headers[name].strip()}\n" for name in signed),
            ";".join(signed),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


class Provider(ThreadingHTTPServer):
    """``answer``: (status, body) for a request that is signed well, None to hang up; ``got``: their parameters.

    ``over``: until then an answer that is ``SILENCE`` says nothing.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Desk)
        self.answer, self.got, self.over = (200, json.dumps(TAKEN)), [], Event()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}"


class Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        query = parse_qsl(address.query, keep_blank_values=True)
        if not self.signed_well(address.path or "/", query, body):
            refusal = {"Code": "SignatureDoesNotMatch", "Message": "Specified signature is not matched."}
            return self.say(403, json.dumps(refusal))
        self.server.got.append((self.headers["x-acs-action"], self.headers["x-acs-version"], dict(query)))
        if self.server.answer == SILENCE:
            self.server.over.wait(10)
        if not isinstance(self.server.answer, tuple):
            self.close_connection = True
            return None
        return self.say(*self.server.answer)

    def signed_well(self, path, query, body):
        algorithm, _, rest = self.headers["Authorization"].partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(","))
        signed = parts["SignedHeaders"].split(";")
        right = signature("POST", path, query, self.headers, signed, body)
        needed = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce"}
        return (
            algorithm == ALGORITHM
            and needed <= set(signed)
            and parts["Credential"] == KEY_ID
            and self.headers["x-acs-content-sha256"] == hashlib.sha256(body).hexdigest()
            and hmac.compare_digest(parts["Signature"], right)
        )

    def say(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def provider(monkeypatch):
    for variable in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "DEBUG"):
        monkeypatch.delenv(variable, raising=False)
    with Provider() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def account(endpoint, **changes):
    values = {"access_key_id": KEY_ID, "access_key_secret": SECRET, "sign_name": "昌吉州总工会", "templates": TEMPLATES}
    return Aliyun(**values | {"endpoint": endpoint} | changes)


def send(endpoint, **changes):
    return AliyunGateway(account(endpoint, **changes)).send(MINE, "phone_code", VALUES, "phone_code:ABC")


def test_a_signed_request_is_taken_and_its_number_kept(provider):
    assert send(provider.endpoint) == Receipt("900619746936498440^0")

    [(action, version, query)] = provider.got
    assert (action, version) == ("SendSms", "2017-05-25")
    assert json.loads(query.pop("TemplateParam")) == VALUES
    assert query == {
        "PhoneNumbers": MINE,
        "SignName": "昌吉州总工会",
        "TemplateCode": "SMS_1",
        "OutId": "phone_code:ABC",
    }


@pytest.mark.parametrize("changes", [{"access_key_secret": "wrong"}, {"access_key_id": "wrong"}])
def test_a_wrong_key_is_refused_for_good(provider, changes):
    with pytest.raises(NotAccepted) as no:
        send(provider.endpoint, **changes)

    assert (no.value.reason, no.value.retry) == ("SignatureDoesNotMatch", False)
    assert provider.got == []


@pytest.mark.parametrize(
    ("status", "code", "retry"),
    [
        (200, "isv.BUSINESS_LIMIT_CONTROL", True),
        (200, "isp.SYSTEM_ERROR", True),
        (200, "isv.AMOUNT_NOT_ENOUGH", True),
        (200, "isv.MOBILE_NUMBER_ILLEGAL", False),
        (200, "isv.SMS_TEMPLATE_ILLEGAL", False),
        (400, "Throttling.User", True),
        (400, "InvalidTimeStamp.Expired", False),
        (503, "ServiceUnavailable", True),
    ],
)
def test_a_no_of_the_provider_is_final_or_not_now(provider, status, code, retry):
    provider.answer = (status, json.dumps({"Code": code, "Message": "…", "RequestId": "F655A8D5"}))

    with pytest.raises(NotAccepted) as no:
        send(provider.endpoint)

    assert (no.value.reason, no.value.retry) == (code, retry)
    assert len(provider.got) == 1  # the SDK does not try again by itself


@pytest.mark.parametrize(
    "answer",
    [
        None,
        (200, "<html>"),
        (200, "null"),
        (200, "{}"),
        (500, json.dumps({"Code": "InternalError", "Message": "…"})),
        (502, "<html>"),
    ],
)
def test_an_answer_that_says_nothing_may_mean_that_it_went_out(provider, answer):
    provider.answer = answer

    with pytest.raises(AnswerLost):
        send(provider.endpoint)

    assert len(provider.got) == 1


def test_an_answer_that_takes_too_long_may_mean_that_it_went_out(provider, monkeypatch):
    monkeypatch.setattr(aliyun, "_READ_MILLISECONDS", 50)
    provider.answer = SILENCE

    with pytest.raises(AnswerLost):
        send(provider.endpoint)

    provider.over.set()
    assert len(provider.got) == 1


def test_where_nobody_listens_it_surely_did_not_go_out(provider):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(NotAccepted) as no:
            send(f"http://127.0.0.1:{closed.getsockname()[1]}")

    assert (no.value.reason, no.value.retry) == ("not reached", True)


def test_no_error_and_no_log_line_holds_phone_or_code(provider, caplog):
    caplog.set_level(logging.DEBUG)
    errors = []
    for answer in (None, (400, json.dumps({"Code": "X", "Message": MINE}))):
        provider.answer = answer
        with pytest.raises((AnswerLost, NotAccepted)) as failed:
            send(provider.endpoint)
        errors += [str(failed.value), str(failed.value.__cause__)]
        assert failed.value.__suppress_context__
    said = caplog.text + "".join(errors)

    assert (MINE in said, "123456" in said, SECRET in said) == (False, False, False)


def test_without_a_scheme_the_endpoint_is_reached_by_tls():
    assert AliyunGateway(account("dysmsapi.aliyuncs.com"))._client._protocol == "https"


def test_a_text_without_the_providers_template_stops_the_start():
    with pytest.raises(SettingsError) as stopped:
        AliyunGateway(account("dysmsapi.aliyuncs.com", templates={"phone_code": "SMS_1"}))

    assert str(stopped.value) == (
        "ALIYUN_SMS_TEMPLATES must name a template for application_decided, application_received."
    )


# --- together with the outbox -------------------------------------------------------------------------------------


@pytest.fixture
def queued(app, provider):
    """One message in the outbox of an application that sends through the provider."""
    with app.app_context():
        before = office()
        open_office(app, Office(AliyunGateway(account(provider.endpoint)), shows_codes=False, wake=lambda: None))
        with transaction(by=VISITOR, act=Act.CONFIRM_PHONE, now=NOW) as work:
            queue(work, MINE, "phone_code", VALUES, "phone_code:ABC")
        yield
        open_office(app, before)


def outcome(session):
    session.rollback()
    return session.execute(select(Message.sent_at, Message.next_at, Message.failure, Message.receipt)).one()


def test_a_hang_up_without_an_answer_is_not_sent_again(session, provider, queued):
    provider.answer = None
    assert (deliver(NOW), left()) == (Delivered(sent=0, failed=1), Left(waiting=0, stuck=1))

    provider.answer = (200, json.dumps(TAKEN))
    assert (deliver(NOW + timedelta(minutes=1)), left()) == (Delivered(sent=0, failed=0), Left(waiting=0, stuck=1))
    assert outcome(session) == (None, None, "answer lost", "")
    assert len(provider.got) == 1


def test_a_limit_is_tried_again(session, provider, queued):
    provider.answer = (200, json.dumps({"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "…"}))
    assert (deliver(NOW), left()) == (Delivered(sent=0, failed=1), Left(waiting=1, stuck=0))

    provider.answer = (200, json.dumps(TAKEN))
    later = NOW + timedelta(seconds=30)
    assert (deliver(later), left()) == (Delivered(sent=1, failed=0), Left(waiting=0, stuck=0))
    assert outcome(session) == (later, None, "", "900619746936498440^0")
    assert [query["OutId"] for *_, query in provider.got] == ["phone_code:ABC"] * 2


def test_where_nobody_listens_it_is_tried_again(app, session, provider, queued):
    working = office()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = AliyunGateway(account(f"http://127.0.0.1:{closed.getsockname()[1]}"))
        open_office(app, Office(nowhere, shows_codes=False, wake=lambda: None))
        assert (deliver(NOW), left()) == (Delivered(sent=0, failed=1), Left(waiting=1, stuck=0))
    assert outcome(session) == (None, NOW + timedelta(seconds=30), "not reached", "")

    open_office(app, working)
    assert deliver(NOW + timedelta(seconds=30)).sent == 1
