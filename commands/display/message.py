"""Inboxes and messages on the terminal, or as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local
from commands.failure import DONE, PROBLEM
from commands.speech import counted, say, tr
from engine.label import Label, verbatim
from engine.representation.attempt import of_attempts
from engine.representation.message import of_inbox, of_messages
from engine.runtime.messages import DeliveryView, InboxLine, InboxPage, MessagePage, MessageView, Status
from engine.store.attempts import Attempt, Result

Log = Mapping[str, tuple[Attempt, ...]]
"""id of a delivery → its attempts."""

_STATUSES: Mapping[Status, Label] = {
    "waiting": Label("待通知", "waiting"),
    "told": Label("已通知", "told"),
    "withdrawn": Label("已撤回", "withdrawn"),
    "nobody": Label("无人可通知", "reached nobody"),
    "sending": Label("待投递", "still to be sent"),
    "failed": Label("投递失败", "failed"),
}
_STYLES: Mapping[Status, str] = {
    "waiting": "yellow",
    "told": "green",
    "withdrawn": "dim",
    "nobody": "red",
    "sending": "yellow",
    "failed": "bold red",
}
_DELIVERIES: Mapping[str, Label] = {
    "waiting": Label("待投递", "waiting"),
    "delivered": Label("已送达", "delivered"),
    "failed": Label("失败", "failed"),
    "withdrawn": Label("已撤回", "withdrawn"),
}
_RESULTS: Mapping[Result, Label] = {
    "delivered": Label("已送达", "delivered"),
    "deferred": Label("稍后再试", "to be tried again"),
    "failed": Label("不再尝试", "given up"),
}
_CHANNELS: Mapping[str, Label] = {
    "inbox": Label("收件箱", "inbox"),
    "email": Label("邮件", "e-mail"),
    "webhook": Label("Webhook", "webhook"),
    "wecom": Label("企业微信", "WeCom"),
    "dingtalk": Label("钉钉", "DingTalk"),
    "feishu": Label("飞书", "Feishu"),
}


def show_inbox(page: InboxPage, zone: ZoneInfo, *, in_json: bool) -> None:
    """What a person was told: first what is unread, by time left, then the rest, newest first."""
    if in_json:
        terminal.as_json(of_inbox(page))
        return
    if not page.lines:
        terminal.show(tr("{name} 没有通知。", "Nothing for {name}.", name=page.name))
        return
    for index, each in enumerate(page.lines):
        _show_line(each, zone, is_first=not index)
    if page.more:
        terminal.remark(tr("还有更多：调大 --limit", "There are more: raise --limit"))


def show_read(count: int, *, in_json: bool) -> None:
    """How many messages were marked."""
    if in_json:
        terminal.as_json({"read": count})
    else:
        terminal.show(counted(count, "条标为已读", "message marked as read", "messages marked as read"))


def show_messages(page: MessagePage, log: Log | None, zone: ZoneInfo, *, in_json: bool) -> int:
    """Messages, newest first, each with what became of it, and with every attempt if there is a log; the exit code."""
    if in_json:
        attempts = {"attempts": {delivery: of_attempts(each) for delivery, each in log.items()}} if log is not None else {}
        terminal.as_json({**of_messages(page), **attempts})
        return DONE
    if not page.lines:
        terminal.show(tr("没有消息。", "There are no messages."))
    for each in page.lines:
        _show_message(each, log or {}, zone)
    if page.more:
        terminal.remark(tr("还有更多：调大 --limit", "There are more: raise --limit"))
    return DONE


def show_resent(id: str, *, done: bool) -> int:
    """Whether there was anything to send again; the exit code."""
    if done:
        terminal.show(
            tr("{id} 将重新通知；“aftercare deliver”立即执行", "{id} will be told again; “aftercare deliver” does it at once", id=id)
        )
        return DONE
    terminal.remark(
        tr("{id} 还在等待或已送达，无需重发。", "{id} is still waiting or was delivered; there is nothing to send again.", id=id)
    )
    return PROBLEM


def show_resent_channel(channel: str, count: int) -> int:
    """How many deliveries are tried again; the exit code."""
    if count:
        said = counted(count, "条将重新发送", "message is to be sent again", "messages are to be sent again")
        terminal.show(tr("{said}；“aftercare deliver”立即执行", "{said}; “aftercare deliver” does it at once", said=said))
        return DONE
    terminal.remark(tr("渠道 {channel} 没有死信。", "No message over {channel} was given up.", channel=channel))
    return PROBLEM


def _show_line(line: InboxLine, zone: ZoneInfo, *, is_first: bool) -> None:
    delivery = line.delivery
    mark = Text(tr("● 未读", "● unread"), "bold yellow") if delivery.read_at is None else Text(tr("已读", "read"), "dim")
    heading = Text.assemble(local(delivery.created_at, zone), "  ", (delivery.subject or "", "bold"), "  ", mark, "  ", (line.id, "dim"))
    terminal.show(*([] if is_first else [""]), heading, *(f"    {text}".rstrip() for text in (delivery.body or "").strip().splitlines()))


def _show_message(view: MessageView, log: Log, zone: ZoneInfo) -> None:
    message = view.message
    status = Text(say(_STATUSES[view.status]), _STYLES[view.status])
    terminal.show(Text.assemble((view.id, "bold"), "  ", local(message.recorded_at, zone), "  ", say(view.about), "  ", status))
    terminal.pairs(_details(view, log, zone), indent=4, width=6)


def _details(view: MessageView, log: Log, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    message = view.message
    who = say(view.meant)
    if message.emitted is None:
        who = tr("{who}（模板 {template}）", "{who} (template {template})", who=who, template=message.template)
    yield tr("通知", "for"), who
    if message.status == "waiting" and message.not_before > message.recorded_at:
        yield tr("等到", "until"), local(message.not_before, zone)
    if message.note is not None:
        yield tr("原因", "why"), say(message.note)
    for each in view.deliveries:
        way = each.delivery.channel.partition(":")[0]
        yield say(_CHANNELS.get(way, verbatim(way))), _delivery(each, zone)
        for attempt in log.get(each.delivery.id, ()):
            yield "", _attempt(attempt, zone)


def _attempt(attempt: Attempt, zone: ZoneInfo) -> str:
    answer = f"HTTP {attempt.answer}" if attempt.answer is not None else tr("没有回答", "no answer")
    took = attempt.took // timedelta(milliseconds=1)
    at, result = local(attempt.at, zone), say(_RESULTS[attempt.result])
    return tr(
        "{at}，{took} 毫秒，{answer}，{result}", "{at}, {took} ms, {answer}, {result}", at=at, took=took, answer=answer, result=result
    )


def _delivery(view: DeliveryView, zone: ZoneInfo) -> str:
    delivery = view.delivery
    said = tr("{who}，{status}", "{who}, {status}", who=say(view.recipient), status=say(_DELIVERIES[delivery.status]))
    if delivery.delivered_at is not None:
        said += f" {local(delivery.delivered_at, zone)}"
    if delivery.attempts > 1 or (delivery.attempts and delivery.status != "delivered"):
        said += tr("，第 {n} 次尝试", ", attempt {n}", n=delivery.attempts)
    if delivery.status == "waiting" and delivery.next_at is not None:
        said += tr("，{at} 再试", ", next at {at}", at=local(delivery.next_at, zone))
    return said if delivery.note is None else tr("{said}：{why}", "{said}: {why}", said=said, why=say(delivery.note))
