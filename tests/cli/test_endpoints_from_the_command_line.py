"""Endpoints from the command line: added, tried out, posted to, given up and taken up again – and no key of theirs is ever shown."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from standardwebhooks import Webhook as Verifier

from tests.cli.conftest import Terminal
from tests.cli.desk import NUMBER, ask, work
from tests.notifications.receiver import HOST, Receiver, Reply, receiving, said

pytestmark = pytest.mark.reliability  # takes its time

SECRET = "whsec_" + base64.b64encode(b"of the reception, long enough").decode()
OTHER = "whsec_" + base64.b64encode(b"another one, no less long ever").decode()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def url(receiver: Receiver, desk: Terminal) -> Iterator[str]:
    """Where the receiver is reached from the company, which allows its own network."""
    (desk.folder / "aftercare.toml").write_text('outbound = "private"\n', encoding="utf-8")
    with receiving(receiver) as port:
        yield f"http://{HOST}:{port}/hooks?key=k4711"


def added(desk: Terminal, url: str, *more: str, kind: str = "webhook", name: str = "leads") -> str:
    return desk.run("endpoints", "add", name, "--kind", kind, "--url", url, "--role", "desk-supervisor", *more).stdout


def test_a_message_of_a_role_is_posted_once_and_read_by_its_receiver(desk: Terminal, url: str, receiver: Receiver) -> None:
    secret = added(desk, url).partition("Secret (shown only now): ")[2].strip()
    ask(desk)
    work(desk, "2026-10-08T10:30")
    (post,) = receiver.posts
    content = Verifier(secret).verify(post.body, dict(post.headers))
    assert (content["type"], content["data"]["case"], content["data"]["template"]) == ("aftercare.case.message.v1", NUMBER, "overdue")
    assert content["data"]["due_at"] is not None
    assert "柜台主管" not in content["data"]["body"]
    assert "Supervisor" in content["data"]["body"]
    (line,) = [each for each in desk.json("messages")["messages"] if len(each["deliveries"]) > 2]
    posted = [each for each in line["deliveries"] if each["kind"] == "endpoint"]
    assert [(each["recipient"], each["channel"], each["status"]) for each in posted] == [("leads", "webhook:leads", "delivered")]
    assert post.headers["webhook-id"] == posted[0]["id"]


def test_an_endpoint_of_another_unit_hears_nothing(desk: Terminal, url: str, receiver: Receiver) -> None:
    desk.run("people", "unit", "shop-2", "--zh", "二店", "--en", "Shop 2")
    added(desk, url, "--unit", "Shop 2", name="elsewhere")
    added(desk, url, "--unit", "shop-1", name="here")
    ask(desk)
    work(desk, "2026-10-08T10:30")
    assert [
        each["recipient"] for line in desk.json("messages")["messages"] for each in line["deliveries"] if each["kind"] == "endpoint"
    ] == ["here"]
    assert len(receiver.posts) == 1


def test_quiet_hours_hold_for_endpoints_too(desk: Terminal, url: str, receiver: Receiver) -> None:
    added(desk, url)
    ask(desk)
    work(desk, "2026-10-08T21:30")
    assert receiver.posts == []
    work(desk, "2026-10-09T08:00")
    assert receiver.posts != []


def test_one_that_is_gone_is_disabled_told_of_and_taken_up_again(desk: Terminal, url: str, receiver: Receiver) -> None:
    added(desk, url, "--secret", SECRET)
    receiver.reply = Reply(410)
    ask(desk)
    desk.run("--at", "2026-10-08T10:30", "sweep")
    assert "1 delivery given up" in desk.run("deliver", code=1).stdout
    [known] = desk.json("endpoints")["endpoints"]
    assert known["disabled_at"] is not None
    assert known["why"]["en"] == "The receiver answered HTTP 410"
    assert any("leads" in each["sentence"]["en"] for each in desk.json("incidents", "--kind", "dead_letter")["incidents"])
    assert "webhook" in desk.run("messages", "--status", "failed").stdout

    receiver.reply = Reply(204, body=b"")
    assert "leads is enabled" in desk.run("endpoints", "enable", "leads").stdout
    assert "1 message is to be sent again" in desk.run("messages", "--resend-channel", "webhook:leads").stdout
    desk.run("deliver")
    assert {post.headers["webhook-id"] for post in receiver.posts} == {receiver.posts[0].headers["webhook-id"]}
    assert desk.json("messages", "--status", "failed")["messages"] == []
    assert "No message over webhook:leads was given up" in desk.run("messages", "--resend-channel", "webhook:leads", code=1).stderr


def test_an_event_that_no_process_emits_is_remarked_upon(desk: Terminal, url: str) -> None:
    told = desk.run("endpoints", "add", "erp", "--kind", "webhook", "--url", url, "--events", "repair.returend")
    assert "erp is added" in told.stdout
    assert "No published process emits “repair.returend”" in told.stderr


def posts_that_wait(desk: Terminal) -> list[int]:
    """How often each post was tried that has not arrived."""
    made = [each for line in desk.json("messages")["messages"] for each in line["deliveries"] if each["kind"] == "endpoint"]
    return sorted(each["attempts"] for each in made if each["status"] == "waiting")


@pytest.mark.parametrize(
    ("status", "headers", "soon", "later"),
    [(429, {"Retry-After": "600"}, "2026-10-08T10:39", "2026-10-08T10:42"), (500, {}, "2026-10-08T10:30", "2026-10-08T10:32")],
)
def test_one_that_puts_off_a_message_is_left_alone_with_the_others_too(
    desk: Terminal, url: str, receiver: Receiver, status: int, headers: dict[str, str], soon: str, later: str
) -> None:
    added(desk, url)
    for _ in range(3):
        ask(desk)
    receiver.replies = [Reply(status, headers)]
    work(desk, "2026-10-08T10:30")
    assert (len(receiver.posts), posts_that_wait(desk)) == (1, [0, 0, 1])
    assert "enabled; next at 2026-10-08 10:" in desk.run("endpoints").stdout
    desk.run("--at", soon, "deliver")
    assert len(receiver.posts) == 1
    desk.run("--at", later, "deliver")
    assert (len(receiver.posts), posts_that_wait(desk)) == (4, [])
    assert desk.json("endpoints")["endpoints"][0]["held_until"] is None


@pytest.mark.parametrize("commands", [("disable", "enable"), ("enable",)])
def test_one_that_is_enabled_is_posted_to_at_once(desk: Terminal, url: str, receiver: Receiver, commands: tuple[str, ...]) -> None:
    added(desk, url)
    for _ in range(2):
        ask(desk)
    receiver.replies = [Reply(503, {"Retry-After": "86400"})]
    work(desk, "2026-10-08T10:30")
    for command in commands:
        desk.run("endpoints", command, "leads")
    desk.run("deliver")
    assert (len(receiver.posts), posts_that_wait(desk)) == (3, [])


def test_a_dead_letter_is_sent_again_only_to_one_that_is_enabled(desk: Terminal, url: str, receiver: Receiver) -> None:
    added(desk, url)
    receiver.replies = [Reply(410)]
    ask(desk)
    desk.run("--at", "2026-10-08T10:30", "sweep")
    desk.run("deliver", code=1)
    (dead,) = [each for each in desk.json("incidents", "--kind", "dead_letter")["incidents"] if each["case"] == NUMBER]
    refused = desk.run("incidents", "retry", dead["id"], "--as", "sun", code=1).stderr
    assert "is still open: the endpoint “leads” is disabled: enable it first with “aftercare endpoints enable leads”" in refused
    desk.run("endpoints", "enable", "leads")
    assert "1 to be sent again" in desk.run("incidents", "retry", dead["id"], "--as", "sun").stdout
    desk.run("deliver")
    assert len(receiver.posts) == 2


def test_where_http_is_allowed_the_way_out_says_so(desk: Terminal, url: str) -> None:
    wrong = url.replace("http://", "ftp://")
    refused = desk.run("endpoints", "add", "leads", "--kind", "webhook", "--url", wrong, "--role", "desk-supervisor", code=2).stderr
    assert "expected https:// or http://, found another beginning" in refused
    assert "Write https://HOST/PATH or http://HOST/PATH." in refused
    assert "outbound" not in refused


def test_every_attempt_can_be_looked_at(desk: Terminal, url: str, receiver: Receiver) -> None:
    added(desk, url)
    receiver.replies = [Reply(503)]
    ask(desk)
    work(desk, "2026-10-08T10:30")
    desk.run("--at", "2026-10-08T10:31", "deliver")
    shown = desk.run("messages", NUMBER, "--attempts").stdout
    assert re.search(r"2026-10-08 10:30, \d+ ms, HTTP 503, to be tried again\n +2026-10-08 10:31, \d+ ms, HTTP 200, delivered", shown)
    [log] = desk.json("messages", "--attempts")["attempts"].values()
    assert [(each["answer"], each["result"]) for each in log] == [(503, "deferred"), (200, "delivered")]
    assert log[0]["note"]["en"] == "The receiver answered HTTP 503"
    assert "attempts" not in desk.json("messages")


def test_an_endpoint_may_hear_of_events_alone(desk: Terminal, url: str) -> None:
    desk.run(
        "endpoints", "add", "erp", "--kind", "webhook", "--url", url, "--events", "repair.*", "--events", "case.closed", "--unit", "shop-1"
    )
    [known] = desk.json("endpoints")["endpoints"]
    assert (known["role"], known["events"], known["unit"]) == (None, ["repair.*", "case.closed"], "shop-1")
    assert "repair.* @ shop-1, case.closed @ shop-1" in desk.run("endpoints").stdout
    neither = desk.run("endpoints", "add", "none", "--kind", "webhook", "--url", url, code=2).stderr
    assert "Expected a role or events for the endpoint, found neither." in neither


def test_a_test_shows_what_the_receiver_said(desk: Terminal, url: str, receiver: Receiver) -> None:
    added(desk, url, kind="dingtalk")
    receiver.replies = [
        said({"errcode": 0, "errmsg": "ok"}),
        said({"errcode": 310000, "errmsg": "keywords not in content"}),
        said({"errcode": 130101, "errmsg": "send too fast"}),
    ]
    assert "it said: ok" in desk.run("endpoints", "test", "leads").stdout
    assert "refused it: DingTalk answered 310000 keywords not in content" in desk.run("endpoints", "test", "leads", code=1).stderr
    assert "没有收到：钉钉回答 130101 send too fast" in desk.run("endpoints", "test", "leads", lang="zh", code=1).stderr
    assert len(receiver.posts) == 3


def test_a_secret_is_replaced_in_two_steps(desk: Terminal, url: str, receiver: Receiver) -> None:
    added(desk, url, "--secret", SECRET)
    desk.run("endpoints", "rotate", "leads", "--secret", OTHER)
    desk.run("endpoints", "test", "leads")
    assert desk.json("endpoints")["endpoints"][0]["is_rotating"]
    assert "signs no more" in desk.run("endpoints", "rotate", "leads", "--drop-former").stdout
    desk.run("endpoints", "test", "leads")
    both, one = receiver.posts
    Verifier(SECRET).verify(both.body, dict(both.headers))
    Verifier(OTHER).verify(both.body, dict(both.headers))
    Verifier(OTHER).verify(one.body, dict(one.headers))
    assert " " not in one.headers["webhook-signature"]


def test_after_a_day_the_former_secret_signs_no_more(desk: Terminal, url: str, receiver: Receiver) -> None:
    added(desk, url, "--secret", SECRET)
    desk.run("endpoints", "rotate", "leads", "--secret", OTHER)
    desk.run("--at", "2026-10-01T16:31", "endpoints", "test", "leads")
    assert " " not in receiver.posts[0].headers["webhook-signature"]


@pytest.mark.parametrize(
    ("given", "code", "sentence"),
    [
        (("--url", "http://hooks.example.com/k4711"), 2, "expected https://"),
        (("--url", "https://user:k4711@hooks.example.com/"), 2, "expected a web address without user"),
        (("--url", "https://hooks.example.com:22/k4711"), 2, "expected port 443 or 8000–9999"),
        (("--role", "desk-supervisr"), 1, "Did you mean “desk-supervisor”?"),
        (("--unit", "shop-9"), 1, "There is no unit “shop-9”"),
        (("--secret", "k4711"), 2, "Expected the secret to be whsec_"),
        (("--kind", "wecom", "--secret", "k4711"), 2, "A robot of WeCom takes no secret"),
        (("--kind", "dingtalk", "--secret", "k4711\n密"), 2, "Expected the secret to be the secret as the vendor shows it"),
        (("--kind", "slack"), 2, "is not one of"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_shows_no_key(desk: Terminal, given: tuple[str, ...], code: int, sentence: str) -> None:
    usual = ("--kind", "webhook", "--url", "https://hooks.example.com/k4711", "--role", "desk-supervisor")
    refused = desk.run("endpoints", "add", "leads", *usual, *given, code=code)
    assert sentence in refused.stderr
    assert "k4711" not in refused.output
    assert desk.json("endpoints")["endpoints"] == []


@pytest.mark.parametrize("name", ["Leads", "leads:1", "lead s", "-x", "推送", "x" * 33])
def test_a_name_is_one_that_can_name_a_channel(desk: Terminal, name: str) -> None:
    arguments = ("--kind", "webhook", "--url", "https://hooks.example.com/", "--role", "desk-supervisor", "--", name)
    assert "lower-case letters" in desk.run("endpoints", "add", *arguments, code=2).stderr


def test_names_are_given_once_and_unknown_ones_are_guessed(desk: Terminal) -> None:
    added(desk, "https://hooks.example.com/", kind="feishu")
    usual = ("--kind", "webhook", "--url", "https://hooks.example.com/", "--role", "desk-supervisor")
    assert "There is an endpoint “leads” already" in desk.run("endpoints", "add", "leads", *usual, code=1).stderr
    for command in ("test", "enable", "disable", "rotate"):
        assert "Did you mean “leads”?" in desk.run("endpoints", command, "lead", code=1).stderr
    assert "cannot be made here" in desk.run("endpoints", "rotate", "leads", code=2).stderr


def test_neither_address_nor_secret_is_shown_again(desk: Terminal, url: str) -> None:
    made = added(desk, url).partition("Secret (shown only now): ")[2].strip()
    shown = [
        desk.run("endpoints").output,
        desk.run("endpoints", "--json").output,
        desk.run("endpoints", "disable", "leads").output,
        desk.run("endpoints").output,
        desk.run("doctor", code=None).output,
    ]
    assert "http://127.0.0.1" in shown[0]
    assert "enabled: 0, disabled: 1" in shown[-1]
    assert "k4711" not in "".join(shown)
    assert made.startswith("whsec_")
    assert made not in "".join(shown)
