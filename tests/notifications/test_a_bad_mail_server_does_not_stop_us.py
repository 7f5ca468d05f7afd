"""Whatever a mail server does, sending ends in bounded time with a result that says whether another attempt makes sense."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event

import pytest

from engine.label import Label
from notifications.channels.email import Email
from notifications.mailserver import MailServer
from notifications.message import Deferred, Delivered, Message, Recipient, Rejected, Result, Text
from tests.notifications.mail import HOST, Sink, refusing, serving, speaking

pytestmark = pytest.mark.reliability

REMINDER = Message("reminder-1", Text("已到期", "请尽快处理。"))
TECHNICIAN = Recipient("t-1", "样例工程师01", "technician@example.com", is_outside=False)
SHORT = timedelta(seconds=0.5)
LONGER = timedelta(seconds=4)
"""Enough for what must have been said before it has passed, on a machine that does much else besides."""
LONG = 120.0
"""Seconds after which a bad server of ours would turn good, so that a sender who waits for it is found out."""

Talk = Callable[[socket.socket, Event], None]


def sent(port: int, deadline: timedelta = timedelta(seconds=30), recipient: Recipient = TECHNICIAN) -> Result:
    return Email(MailServer.parse(f"smtp://{HOST}:{port}", "desk@example.com"), deadline).send(REMINDER, recipient)


@pytest.mark.parametrize("answer", ["451 greylisted, come back", "421 too busy", "452 mailbox full", "530 log in first"])
def test_a_temporary_refusal_is_deferred(answer: str) -> None:
    sink = Sink(recipient=answer)
    with serving(sink) as port:
        result = sent(port)

    assert result == Deferred(Label(f"邮件服务器回答 {answer}", f"The mail server answered {answer}"))
    assert sink.received == []


@pytest.mark.parametrize("answer", ["550 no such mailbox", "553 not allowed"])
def test_a_permanent_refusal_is_rejected(answer: str) -> None:
    with serving(Sink(recipient=answer)) as port:
        assert sent(port) == Rejected(Label(f"邮件服务器回答 {answer}", f"The mail server answered {answer}"))


@pytest.mark.parametrize(("answer", "kind"), [("552 too big", Rejected), ("554 spam", Rejected), ("451 try again", Deferred)])
def test_the_answer_to_the_final_dot_decides(answer: str, kind: type[Result]) -> None:
    with serving(Sink(message=answer)) as port:
        result = sent(port)

    assert isinstance(result, kind)
    assert not isinstance(result, Delivered)
    assert answer in result.why.en


def test_greylisted_once_and_delivered_later() -> None:
    sink = Sink(recipient="451 greylisted")
    with serving(sink) as port:
        assert isinstance(sent(port), Deferred)
        sink.recipient = "250 OK"
        assert isinstance(sent(port), Delivered)

    assert len(sink.received) == 1


def test_nobody_listens() -> None:
    with refusing() as port:
        assert sent(port) == Deferred(Label("邮件服务器拒绝连接", "The mail server refused the connection"))


def test_a_death_after_the_final_dot_is_sent_again_with_the_same_identity() -> None:
    sink = Sink(dies=True)
    with serving(sink) as port:
        unknown = sent(port)
        sink.dies = False
        known = sent(port)

    assert isinstance(unknown, Deferred)
    assert unknown.why.en.startswith("The connection broke during the handover, perhaps it arrived")
    assert isinstance(known, Delivered)
    assert [str(mail["Message-ID"]) for mail in sink.received] == ["<reminder-1@example.com>"] * 2


def answering(*answers: bytes) -> Talk:
    """A server that answers the first commands, and then nothing: it waits to be hung up on, or else turns good."""

    def talk(connection: socket.socket, over: Event) -> None:
        heard = connection.makefile("rb")
        for place, answer in enumerate(answers):
            connection.sendall(answer)
            if place < len(answers) - 1:
                heard.readline()
        over.wait(LONG)

    return talk


def dripping(connection: socket.socket, over: Event, hung_up: Event | None = None) -> None:
    """A byte at a time, always in time for the next timeout of a socket."""
    connection.sendall(b"220 hello\r\n")
    for _ in range(int(LONG / 0.05)):
        if over.wait(0.05):
            return
        try:
            connection.sendall(b"2")
        except OSError:
            if hung_up is not None:
                hung_up.set()
            return


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(answering(b""), id="silent from the beginning"),
        pytest.param(answering(b"220 hello\r\n", b"250 hello\r\n", b""), id="silent after MAIL"),
        pytest.param(answering(b"220 hello\r\n", b"250 hello\r\n", b"250 OK\r\n", b""), id="silent after RCPT"),
        pytest.param(answering(b"220-hello\r\n"), id="silent within an answer"),
        pytest.param(dripping, id="a byte at a time"),
    ],
)
def test_a_server_that_dawdles_is_left(talk: Talk) -> None:
    with speaking(talk) as port:
        result = sent(port, SHORT)

    assert result == Deferred(Label("邮件服务器没有及时回答", "The mail server did not answer in time"))


def test_a_server_that_falls_silent_after_the_final_dot_may_have_the_message() -> None:
    with speaking(answering(b"220 hello\r\n", b"250 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n")) as port:
        result = sent(port, LONGER)

    assert isinstance(result, Deferred)
    assert "perhaps it arrived" in result.why.en


def test_the_connection_is_broken_off_at_the_deadline() -> None:
    hung_up = Event()

    with speaking(partial(dripping, hung_up=hung_up)) as port:
        sent(port, SHORT)

        assert hung_up.wait(LONG)


def test_one_who_says_nothing_to_goodbye_has_the_message_all_the_same() -> None:
    def talk(connection: socket.socket, over: Event) -> None:
        heard = connection.makefile("rb")
        for answer in (b"220 hello\r\n", b"250 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n"):
            connection.sendall(answer)
            heard.readline()
        while heard.readline() != b".\r\n":
            pass
        connection.sendall(b"250 kept\r\n")
        over.wait(LONG)

    with speaking(talk) as port:
        assert sent(port) == Delivered("kept")


@pytest.mark.parametrize(
    "greeting", [b"554 no service here\r\n", b"gibberish\r\n", b"\x00\xff\xfe\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"2" * 9000]
)
def test_a_server_that_is_none_defers(greeting: bytes) -> None:
    def talk(connection: socket.socket, over: Event) -> None:  # noqa: ARG001
        connection.sendall(greeting)

    with speaking(talk) as port:
        assert isinstance(sent(port), Deferred)


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b@example.com", "a b@example.com", "a@example.com\r\nRCPT TO:<b@example.com>", "客户@example.com", "<a@example.com>"],
)
def test_what_is_no_address_is_rejected_without_asking_anybody(address: str) -> None:
    sink = Sink()
    with serving(sink) as port:
        result = sent(port, recipient=Recipient("t-1", "样例工程师01", address, is_outside=False))

    assert isinstance(result, Rejected)
    assert sink.received == []
