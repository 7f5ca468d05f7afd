"""Who is told what, where it is read, and what becomes of a message that cannot be delivered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import Terminal
from tests.cli.desk import NUMBER, PEOPLE, ask, work
from tests.notifications.mail import Sink, serving

pytestmark = pytest.mark.reliability  # takes its time


@pytest.fixture
def late(desk: Terminal) -> Terminal:
    """The company after a missed deadline: rui was told before, both when it was due."""
    ask(desk)
    work(desk, "2026-09-30T18:00")
    work(desk, "2026-10-08T10:30")
    return desk


@pytest.fixture
def mailed(desk: Terminal) -> Iterator[tuple[Terminal, Sink]]:
    """A company that sends mail to its supervisor, and the server that takes it."""
    people = PEOPLE.replace("sun: {name", "sun: {email: sun@example.com, name")
    (desk.folder / "people.yaml").write_text(people, encoding="utf-8")
    desk.run("people", "load", "people.yaml")
    sink = Sink()
    with serving(sink) as port:
        (desk.folder / "aftercare.toml").write_text(f'mail = "smtp://127.0.0.1:{port}"\nsender = "desk@example.com"\n', encoding="utf-8")
        yield desk, sink


def test_an_inbox_holds_what_a_person_was_told(late: Terminal) -> None:
    told = late.json("inbox", "--as", "样例工程师01")
    shown = late.run("inbox", "--as", "rui").stdout

    assert [(each["number"], each["subject"]) for each in told["messages"]] == [
        (NUMBER, f"Past due: {NUMBER} Reply (due just now)"),
        (NUMBER, f"Due soon: {NUMBER} Reply (7 d 16 h left)"),
    ]
    assert told["messages"][0]["at"] == "2026-10-08T02:30:00.000000Z"
    assert "    Hello 样例工程师01," in shown
    assert shown.count("● unread") == 2
    assert late.json("inbox", "--as", "cai")["messages"] == []
    assert "Nothing for 样例受理01." in late.run("inbox", "--as", "cai").stdout
    assert "There is no person “rue”" in late.run("inbox", "--as", "rue", code=1).stderr


def test_what_was_read_is_marked(late: Terminal) -> None:
    newest, older = (each["id"] for each in late.json("inbox", "--as", "rui")["messages"])

    assert "1 message marked as read" in late.run("inbox", "--as", "rui", "--read", newest).stdout
    assert [each["id"] for each in late.json("inbox", "--as", "rui", "--unread")["messages"]] == [older]
    assert late.json("inbox", "--as", "rui", "--read-all") == {"read": 1}
    assert late.run("inbox", "--as", "rui", lang="zh").stdout.count("已读") == 2
    assert late.json("inbox", "--as", "sun")["messages"][0]["read_at"] is None


def test_a_message_of_somebody_else_cannot_be_read(late: Terminal) -> None:
    only_ruis = late.json("inbox", "--as", "rui")["messages"][-1]["id"]

    for id in (only_ruis, "AN26-0999/1.1", "nonsense"):
        assert "There is no message" in late.run("inbox", "--as", "sun", "--read", id, code=1).stderr


def test_messages_tell_who_was_told_by_which_channel(late: Terminal) -> None:
    newest, older = late.json("messages", NUMBER)["messages"]
    shown = late.run("messages", lang="zh").stdout

    assert (newest["rung"], newest["status"]) == ("due", "told")
    assert [(each["recipient"], each["channel"], each["status"]) for each in newest["deliveries"]] == [
        ("rui", "inbox", "delivered"),
        ("sun", "inbox", "delivered"),
    ]
    assert [each["recipient"] for each in older["deliveries"]] == ["rui"]
    assert "答复时限：到期  已通知" in shown
    assert "承办人、柜台主管（模板 overdue）" in shown
    assert "There is no case" in late.run("messages", "AN26-0999", code=1).stderr


def test_a_message_that_waits_says_until_when_and_why(desk: Terminal) -> None:
    ask(desk)
    desk.run("--at", "2026-10-13T23:00", "sweep")

    said = desk.run("deliver", code=0).stdout
    shown = desk.run("messages", "--status", "waiting").stdout

    assert "wait for quiet hours to end" in said
    assert "2026-10-14 08:00" in shown
    assert "Quiet hours" in shown
    assert desk.json("messages", "--status", "told")["messages"] == []


def test_a_reminder_of_a_clock_that_has_stopped_is_withdrawn(desk: Terminal) -> None:
    ask(desk)
    desk.run("--at", "2026-09-30T18:00", "sweep")
    desk.run("move", NUMBER, "send", "--as", "rui", "--set", "answer=明天")

    assert "withdrawn, nobody needs it any more" in desk.run("deliver").stdout
    assert "The clock had stopped before anybody was told" in desk.run("messages", "--status", "withdrawn").stdout


def test_mail_is_sent_beside_the_inbox(mailed: tuple[Terminal, Sink]) -> None:
    there, sink = mailed
    ask(there)
    there.run("--at", "2026-10-08T10:30", "sweep")

    assert "1 delivery made" in there.run("deliver").stdout
    assert [mail["To"].addresses[0].addr_spec for mail in sink.received] == ["sun@example.com"]
    assert "e-mail  样例主管01, delivered" in there.run("messages").stdout


def test_mail_that_is_refused_for_good_is_shown_and_can_be_sent_again(mailed: tuple[Terminal, Sink]) -> None:
    there, sink = mailed
    sink.recipient = "550 no such mailbox"
    ask(there)
    there.run("--at", "2026-10-08T10:30", "sweep")

    given_up = there.run("deliver", code=1)
    (failed,) = there.json("messages", "--status", "failed")["messages"]
    doctor = there.run("doctor", code=1).stdout
    sink.recipient = "250 OK"
    there.run("messages", "--resend", failed["id"])
    there.run("deliver")

    assert "1 delivery given up" in given_up.stdout
    assert "aftercare messages --status failed" in given_up.stderr
    assert [(each["channel"], each["status"]) for each in failed["deliveries"] if each["recipient"] == "sun"] == [
        ("email", "failed"),
        ("inbox", "delivered"),
    ]
    assert "deliveries given up: 1" in doctor
    assert there.json("messages", "--status", "failed")["messages"] == []
    assert len(sink.received) == 1
    assert "nothing to send again" in there.run("messages", "--resend", failed["id"], code=1).stderr


def test_mail_that_waits_for_another_attempt_is_listed(mailed: tuple[Terminal, Sink]) -> None:
    there, sink = mailed
    sink.recipient = "451 come back later"
    ask(there)
    there.run("--at", "2026-10-08T10:30", "sweep")
    there.run("deliver")

    (waiting,) = there.json("messages", "--status", "sending")["messages"]
    assert ("email", "waiting") in [(each["channel"], each["status"]) for each in waiting["deliveries"]]
    assert "still to be sent" in there.run("messages").stdout


def test_mail_that_cannot_be_handed_over_is_seen_by_the_doctor(mailed: tuple[Terminal, Sink]) -> None:
    there, sink = mailed
    there.run("publish")
    sink.recipient = "451 try again later"
    ask(there)
    work(there, "2026-10-08T10:30")

    soon = there.run("doctor", code=0).stdout
    there.run("--at", "2026-10-08T10:41", "deliver")
    later = there.run("doctor", code=1).stdout

    assert "deliveries that could not be made yet" not in soon
    assert "deliveries that could not be made yet: 1, the oldest for 11 min" in later
    assert "“aftercare messages” says why" in later


def test_templates_are_listed_and_previewed_in_both_languages(terminal: Terminal) -> None:
    folder = terminal.folder / "workflows" / "templates" / "overdue"
    folder.mkdir(parents=True)
    for part in ("subject", "body"):
        for language in ("zh", "en"):
            (folder / f"{part}.{language}.txt.j2").write_text("{{ case.number }} {{ clock.due }}, {{ reason }}", encoding="utf-8")

    listed = {each["template"]: each for each in terminal.json("template")["templates"]}
    own, shipped = terminal.json("template", "overdue"), terminal.run("template", "due-soon").stdout

    assert (listed["overdue"]["shipped"], listed["due-soon"]["shipped"]) == (False, True)
    assert (own["passed"], own["texts"]["en"]["body"]) == (["reason"], "WX26-000123 2026-09-30 16:30, ‹reason›")
    assert "测试客户甲，您好：" in shipped
    assert "Hello 测试客户甲," in shipped
    assert "1 h left" in shipped
    assert "Did you mean “overdue”?" in terminal.run("template", "overdu", code=1).stderr


def test_a_template_with_a_fault_says_where(terminal: Terminal) -> None:
    folder = terminal.folder / "workflows" / "templates" / "mine"
    folder.mkdir(parents=True)
    for part in ("subject", "body"):
        for language in ("zh", "en"):
            (folder / f"{part}.{language}.txt.j2").write_text("{{ case.owner }}", encoding="utf-8")

    shown = terminal.run("template", "mine", code=1).stdout

    assert "English subject, line 1: there is no variable “case.owner”" in shown
