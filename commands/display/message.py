"""Inboxes and messages on the terminal, or as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local
from commands.display.objects import of_label
from commands.failure import DONE, PROBLEM
from commands.speech import counted, say, tr
from engine.core.codec import encode_instant
from engine.label import Label, verbatim
from engine.runtime.messages import DeliveryView, InboxLine, InboxPage, MessagePage, MessageView, Status

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
        lines = [_inbox_object(each) for each in page.lines]
        terminal.as_json({"person": page.person, "name": page.name, "messages": lines, "more": page.more})
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


def show_messages(page: MessagePage, zone: ZoneInfo, *, in_json: bool) -> int:
    """Messages, newest first, each with what became of it; the exit code."""
    if in_json:
        terminal.as_json({"messages": [_message_object(each) for each in page.lines], "more": page.more})
        return DONE
    if not page.lines:
        terminal.show(tr("没有消息。", "There are no messages."))
    for each in page.lines:
        _show_message(each, zone)
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


def _show_message(view: MessageView, zone: ZoneInfo) -> None:
    message = view.message
    status = Text(say(_STATUSES[view.status]), _STYLES[view.status])
    terminal.show(Text.assemble((view.id, "bold"), "  ", local(message.recorded_at, zone), "  ", say(view.about), "  ", status))
    terminal.pairs(_details(view, zone), indent=4, width=6)


def _details(view: MessageView, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    message = view.message
    yield tr("通知", "for"), tr("{who}（模板 {template}）", "{who} (template {template})", who=say(view.meant), template=message.template)
    if message.status == "waiting" and message.not_before > message.recorded_at:
        yield tr("等到", "until"), local(message.not_before, zone)
    if message.note is not None:
        yield tr("原因", "why"), say(message.note)
    for each in view.deliveries:
        way = each.delivery.channel.partition(":")[0]
        yield say(_CHANNELS.get(way, verbatim(way))), _delivery(each, zone)


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


def _inbox_object(line: InboxLine) -> dict[str, Any]:
    delivery = line.delivery
    return {
        "id": line.id,
        "number": line.number,
        "at": encode_instant(delivery.created_at),
        "subject": delivery.subject,
        "body": delivery.body,
        "read_at": encode_instant(delivery.read_at) if delivery.read_at is not None else None,
    }


def _message_object(view: MessageView) -> dict[str, Any]:
    message = view.message
    return {
        "id": view.id,
        "number": message.number,
        "status": view.status,
        "about": of_label(view.about),
        "template": message.template,
        "tell": [{"kind": right.kind, "name": right.name} for right in message.tell],
        "clock": message.clock,
        "cycle": message.cycle,
        "rung": message.rung,
        "repetition": message.repetition,
        "recorded_at": encode_instant(message.recorded_at),
        "not_before": encode_instant(message.not_before),
        "note": of_label(message.note) if message.note is not None else None,
        "deliveries": [_delivery_object(each) for each in view.deliveries],
    }


def _delivery_object(view: DeliveryView) -> dict[str, Any]:
    delivery = view.delivery
    instants = {"created_at": delivery.created_at, "next_at": delivery.next_at, "delivered_at": delivery.delivered_at}
    return {
        "id": delivery.id,
        "recipient": delivery.recipient,
        "kind": delivery.kind,
        "channel": delivery.channel,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "note": of_label(delivery.note) if delivery.note is not None else None,
        **{name: encode_instant(at) if at is not None else None for name, at in instants.items()},
    }
