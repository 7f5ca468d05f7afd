"""A webhook is what Standard Webhooks says: its identity stays, its signatures hold, and of all answers only 2xx is success."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from notifications.answer import Answer
from notifications.channels.webhook import Webhook
from notifications.endpoint import Endpoint
from notifications.message import Deferred, Delivered, Happening, Matter, Message, Recipient, Rejected, Result, Text
from notifications.outbound import Outbound
from tests.notifications.mail import refusing
from tests.notifications.receiver import HOST, Flood, Receiver, Reply, drip, drip_body, gibberish, receiving, reset, silence

pytestmark = pytest.mark.reliability  # takes its time

NEW, FORMER = "whsec_bmV3IHNlY3JldCBvZiAzMiBieXRlcyBsZW5ndGggISE=", "whsec_Zm9ybWVyIHNlY3JldCBvZiAzMiBieXRlcyBsZW4gISE="
MATTER = Matter(
    number="P26-000123",
    workflow="phone-repair",
    version=3,
    state="in_repair",
    seq=7,
    template="clock-reminder",
    recorded_at=datetime(2026, 9, 28, 8, 30, tzinfo=UTC),
    due_at=datetime(2026, 9, 28, 10, 0, tzinfo=UTC),
    link="https://desk.example.com/cases/P26-000123",
)
FINISHED = replace(
    MATTER, template="", due_at=None, happening=Happening("repair.finished", {"fault": "屏幕碎裂", "price": "120.5", "paid": None})
)
REMINDER = Message("delivery-1", Text("维修将到期", "请尽快处理。"), MATTER)
ENOUGH = timedelta(seconds=3)
"""For a post to be handed over, on a machine that does much else besides."""


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def port(receiver: Receiver) -> Iterator[int]:
    with receiving(receiver) as reached:
        yield reached


def to(port: int, *secrets: str, path: str = "/hooks?key=k-4711") -> Recipient:
    address = Endpoint("managers", "webhook", f"http://{HOST}:{port}{path}", secrets or (NEW,))
    return Recipient("managers", "门店主管", None, is_outside=False, endpoint=address)


def sent(recipient: Recipient, message: Message = REMINDER, deadline: timedelta = timedelta(seconds=15)) -> Result:
    return Webhook(Outbound("private", deadline), "https://desk.example.com").send(message, recipient)


def test_the_body_is_thin_json_for_programs(receiver: Receiver, port: int) -> None:
    assert sent(to(port)) == Delivered("200", 200)
    (post,) = receiver.posts
    assert post.target == "/hooks?key=k-4711"
    assert post.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert post.content == {
        "specversion": "1.0",
        "id": "delivery-1",
        "source": "https://desk.example.com",
        "type": "aftercare.case.message.v1",
        "subject": "P26-000123",
        "time": "2026-09-28T08:30:00Z",
        "timestamp": "2026-09-28T08:30:00Z",
        "datacontenttype": "application/json",
        "dataschema": "urn:aftercare:schema:case.message:v1",
        "data": {
            "case": "P26-000123",
            "workflow": "phone-repair",
            "version": 3,
            "state": "in_repair",
            "seq": 7,
            "link": "https://desk.example.com/cases/P26-000123",
            "template": "clock-reminder",
            "due_at": "2026-09-28T10:00:00Z",
            "subject": "维修将到期",
            "body": "请尽快处理。",
        },
    }


def test_an_event_carries_its_fields_and_no_text(receiver: Receiver, port: int) -> None:
    sent(to(port), Message("delivery-1", Text("repair.finished", ""), FINISHED))
    (post,) = receiver.posts
    assert (post.content["id"], post.content["type"]) == (post.headers["webhook-id"], "aftercare.event.repair.finished.v1")
    assert post.content["dataschema"] == "urn:aftercare:schema:event.repair.finished:v1"
    assert post.content["data"] == {
        "case": "P26-000123",
        "workflow": "phone-repair",
        "version": 3,
        "state": "in_repair",
        "seq": 7,
        "link": "https://desk.example.com/cases/P26-000123",
        "fields": {"fault": "屏幕碎裂", "price": "120.5", "paid": None},
        "omitted": [],
    }


@pytest.mark.parametrize("mark", ["长", "🔧", "\n", '"', "\x01"])
def test_a_long_text_leaves_the_body_under_20_kb(receiver: Receiver, port: int, mark: str) -> None:
    sent(to(port), Message("delivery-1", Text(mark * 300, mark * 100_000), MATTER))
    assert 1000 < len(receiver.posts[0].body) < 20_000
    assert receiver.posts[0].content["data"]["body"].endswith("…")


def test_of_too_many_fields_the_longest_are_left_out_and_named(receiver: Receiver, port: int) -> None:
    long = {"fault": "长" * 6000, "log": "🔧" * 4000}
    sent(
        to(port),
        Message("delivery-1", Text("repair.finished", ""), replace(FINISHED, happening=Happening("x", {**long, "price": "120.5"}))),
    )
    assert len(receiver.posts[0].body) < 20_000
    data = receiver.posts[0].content["data"]
    assert (data["fields"], data["omitted"]) == ({"fault": "长" * 6000, "price": "120.5"}, ["log"]) or data["omitted"] == ["fault"]


def test_a_message_about_no_case_says_that_it_is_a_test(receiver: Receiver, port: int) -> None:
    sent(to(port), Message("delivery-1", Text("测试", "收到即可。")))
    content = receiver.posts[0].content
    assert content["type"] == "aftercare.endpoint.test.v1"
    assert "subject" not in content
    assert content["data"] == {"subject": "测试", "body": "收到即可。"}


def test_what_is_posted_is_an_event_to_those_who_speak_cloud_events(receiver: Receiver, port: int) -> None:
    """The rules of CloudEvents 1.0: what must be there and not be empty, and how attributes may be called."""
    for message in (REMINDER, Message("delivery-2", Text("测试", "收到即可。")), Message("delivery-3", Text("x", ""), FINISHED)):
        sent(to(port), message)
    for post in receiver.posts:
        attributes = {name: value for name, value in post.content.items() if name != "data"}
        assert {"specversion", "id", "source", "type"} <= attributes.keys()
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) and isinstance(value, str) and value for name, value in attributes.items())
        assert datetime.fromisoformat(attributes["time"]).tzinfo is not None


def test_the_identity_stays_and_the_body_too_while_each_attempt_is_signed(receiver: Receiver, port: int) -> None:
    receiver.replies = [Reply(500), Reply(503)]
    assert [type(sent(to(port))) for _ in range(3)] == [Deferred, Deferred, Delivered]
    assert {post.headers["webhook-id"] for post in receiver.posts} == {"delivery-1"}
    assert len({post.body for post in receiver.posts}) == 1
    for post in receiver.posts:
        Verifier(NEW).verify(post.body, dict(post.headers))
        assert abs(int(post.headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60


def test_while_a_secret_is_replaced_both_hold(receiver: Receiver, port: int) -> None:
    sent(to(port, NEW, FORMER))
    (post,) = receiver.posts
    assert len(post.headers["webhook-signature"].split(" ")) == 2
    Verifier(NEW).verify(post.body, dict(post.headers))
    Verifier(FORMER).verify(post.body, dict(post.headers))


def test_a_former_secret_that_was_dropped_signs_no_more(receiver: Receiver, port: int) -> None:
    sent(to(port, NEW))
    with pytest.raises(WebhookVerificationError):
        Verifier(FORMER).verify(receiver.posts[0].body, dict(receiver.posts[0].headers))


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_2xx_is_success(receiver: Receiver, port: int, status: int) -> None:
    receiver.reply = Reply(status, body=b"")
    assert sent(to(port)) == Delivered(str(status), status)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 408, 422, 429, 500, 502, 503, 504])
def test_everything_else_is_tried_again(receiver: Receiver, port: int, status: int) -> None:
    receiver.reply = Reply(status, {"Location": f"http://{HOST}:{port}/elsewhere"})
    result = sent(to(port))
    assert isinstance(result, Deferred)
    assert result.retry_after is None
    assert str(status) in result.why.en
    assert [post.target for post in receiver.posts] == ["/hooks?key=k-4711"]  # no redirect is followed


def test_410_gives_the_endpoint_up(receiver: Receiver, port: int) -> None:
    receiver.reply = Reply(410)
    result = sent(to(port))
    assert isinstance(result, Rejected)
    assert (result.is_gone, result.answer) == (True, 410)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wanted", "seconds"),
    [("120", (120, 120)), ("0", (0, 0)), ("999999999999999999999", (604800, 604800)), ("-5", None), ("soon", None), ("", None)],
)
def test_how_long_it_wants_to_be_left_alone_is_heard(
    receiver: Receiver, port: int, status: int, wanted: str, seconds: tuple[int, int] | None
) -> None:
    receiver.reply = Reply(status, {"Retry-After": wanted})
    result = sent(to(port))
    assert isinstance(result, Deferred)
    if seconds is None:
        assert result.retry_after is None
    else:
        assert result.retry_after is not None
        assert seconds[0] <= result.retry_after.total_seconds() <= seconds[1]


def test_it_may_name_a_date(receiver: Receiver, port: int) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    receiver.reply = Reply(429, {"Retry-After": later.strftime("%a, %d %b %Y %H:%M:%S GMT")})
    result = sent(to(port))
    assert isinstance(result, Deferred)
    assert result.retry_after is not None
    assert timedelta(minutes=55) < result.retry_after <= timedelta(hours=1)


def test_100_mb_are_not_read(receiver: Receiver, port: int) -> None:
    flood = Flood()
    receiver.reply = Reply(misbehave=flood)
    assert sent(to(port)) == Delivered("200", 200)
    assert flood.sent < 50_000_000  # what the sockets between hold, and no more


def test_of_an_answer_64_kb_are_read(receiver: Receiver, port: int) -> None:
    receiver.reply = Reply(body=b"x" * 100_000)
    answer = Outbound("private").post(f"http://{HOST}:{port}/", b"{}", {})
    assert answer == Answer(200, None, b"x" * 65_536)


@pytest.mark.reliability
@pytest.mark.parametrize("answer", [silence, drip], ids=["silent", "a byte at a time"])
def test_one_who_dawdles_is_left(receiver: Receiver, port: int, answer: object) -> None:
    receiver.reply = Reply(misbehave=answer)  # type: ignore[arg-type]
    result = sent(to(port), deadline=ENOUGH)
    assert isinstance(result, Deferred)
    assert result.why.en == "Posted without an answer, perhaps it arrived: The receiver did not answer in time"


@pytest.mark.reliability
def test_once_its_status_is_known_the_rest_is_not_waited_for(receiver: Receiver, port: int) -> None:
    receiver.reply = Reply(misbehave=drip_body)
    assert sent(to(port), deadline=ENOUGH) == Delivered("200", 200)


def test_one_who_hangs_up_may_have_it(receiver: Receiver, port: int) -> None:
    receiver.replies = [Reply(misbehave=reset)]
    first, second = sent(to(port)), sent(to(port))
    assert isinstance(first, Deferred)
    assert first.why.en == "Posted without an answer, perhaps it arrived: The receiver closed the connection"
    assert isinstance(second, Delivered)
    assert [post.headers["webhook-id"] for post in receiver.posts] == ["delivery-1"] * 2


def test_what_speaks_no_http_defers(receiver: Receiver, port: int) -> None:
    receiver.reply = Reply(misbehave=gibberish)
    assert isinstance(sent(to(port)), Deferred)


def test_nobody_listens() -> None:
    with refusing() as port:
        result = sent(to(port))
    assert isinstance(result, Deferred)
    assert result.why.en == "The receiver refused the connection"


def test_neither_address_nor_secret_is_said_or_logged(receiver: Receiver, port: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.replies = [Reply(500), Reply(410), Reply(misbehave=reset), Reply(misbehave=gibberish)]
    recipient = to(port)
    results = [sent(recipient) for _ in range(4)]
    told = repr(results) + repr(recipient) + caplog.text
    assert len(receiver.posts) == 4
    assert "4711" not in told
    assert NEW.removeprefix("whsec_") not in told
