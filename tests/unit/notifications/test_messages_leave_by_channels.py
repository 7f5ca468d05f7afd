"""The notifier: which channels reach whom, and that no channel, however bad, raises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.label import Label
from notifications.channels.email import Email
from notifications.channels.inbox import Inbox
from notifications.channels.memory import Memory
from notifications.mailserver import MailServer
from notifications.message import Deferred, Delivered, Message, Recipient, Rejected, Result, Text
from notifications.notifier import Notifier

MESSAGE = Message("m-1", Text("标题", "正文"))
INSIDE = Recipient("t-1", "样例工程师01", "technician@example.com", is_outside=False)
OUTSIDE = Recipient("c-1", "测试客户甲", "customer@example.com", is_outside=True)


class Broken(Memory):
    """A channel with a defect."""

    def send(self, message: Message, recipient: Recipient) -> Result:
        raise LookupError(f"no way for {message.id}\nto {recipient.id}")


@pytest.mark.parametrize(
    ("recipient", "channels"),
    [
        (INSIDE, ("inbox", "email")),
        (OUTSIDE, ("email",)),
        (Recipient("t-2", "样例工程师02", None, is_outside=False), ("inbox",)),
        (Recipient("c-2", "测试客户乙", "", is_outside=True), ()),
    ],
)
def test_channels_reach_whom_they_can(recipient: Recipient, channels: tuple[str, ...]) -> None:
    mail = Email(MailServer.parse("smtp://mail.example.com", "desk@example.com"))

    assert Notifier([Inbox(), mail]).plan(recipient) == channels


def test_the_inbox_has_it_at_once() -> None:
    assert Notifier([Inbox()]).send("inbox", MESSAGE, INSIDE) == Delivered()


@pytest.mark.parametrize(
    "answer", [Delivered("4711"), Deferred(Label("稍后", "Later"), timedelta(minutes=5)), Rejected(Label("不要", "No"))]
)
def test_the_answer_of_a_channel_is_handed_on(answer: Result) -> None:
    memory = Memory(answer=answer)

    assert Notifier([memory]).send("memory", MESSAGE, OUTSIDE) == answer
    assert memory.given == [(MESSAGE, OUTSIDE)]


def test_a_channel_that_fails_defers() -> None:
    result = Notifier([Broken("post")]).send("post", MESSAGE, OUTSIDE)

    assert result == Deferred(
        Label("渠道“post”出错：LookupError no way for m-1 to c-1", "The channel “post” failed: LookupError no way for m-1 to c-1")
    )


def test_a_channel_that_is_gone_defers() -> None:
    assert isinstance(Notifier([]).send("post", MESSAGE, OUTSIDE), Deferred)


def test_two_channels_of_one_name_are_a_defect() -> None:
    with pytest.raises(ValueError, match="same name"):
        Notifier([Inbox(), Inbox()])


@pytest.mark.parametrize("id", ["", "a b", "a\r\nBcc", "<a>", "a@b", "工单", "x" * 65])
def test_an_id_that_would_not_survive_is_a_defect(id: str) -> None:
    with pytest.raises(ValueError, match="a message needs an id"):
        Message(id, MESSAGE.text)
