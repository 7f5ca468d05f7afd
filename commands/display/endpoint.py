"""Endpoints on the terminal, or as objects: never their whole addresses, and a secret only once, when it was made."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local
from commands.display.staff import held
from commands.failure import DONE, PROBLEM
from commands.speech import say, tr
from engine.core.codec import encode_instant
from engine.label import Label
from engine.representation.label import of_label
from engine.runtime.endpoints import host_of, is_rotating
from engine.store.endpoints import Endpoint, KnownEndpoint
from notifications.endpoint import Kind
from notifications.message import Delivered, Rejected, Result

_KINDS: Mapping[Kind, Label] = {
    "webhook": Label("Webhook", "webhook"),
    "wecom": Label("企业微信群机器人", "WeCom robot"),
    "dingtalk": Label("钉钉群机器人", "DingTalk robot"),
    "feishu": Label("飞书群机器人", "Feishu robot"),
}


def typed(text: str) -> str:
    """What was typed; for `-` the first line of standard input, so that it need not stand in the history of a shell."""
    return sys.stdin.readline().strip() if text == "-" else text


def show_endpoints(known: Sequence[KnownEndpoint], now: datetime, zone: ZoneInfo, *, in_json: bool) -> None:
    """All endpoints, by name."""
    if in_json:
        terminal.as_json({"endpoints": [_object(each, now) for each in known]})
        return
    if not known:
        terminal.show(tr("还没有推送地址。", "There are no endpoints yet."))
        return
    rows = [
        (
            Text(each.endpoint.name, "bold" if each.disabled_at is None else "dim"),
            say(_KINDS[each.endpoint.kind]),
            _heard(each.endpoint),
            host_of(each.endpoint),
            _state(each, now, zone),
        )
        for each in known
    ]
    terminal.table(
        [tr("名称", "Name"), tr("方式", "Kind"), tr("通知", "For"), tr("网址", "Address"), tr("状态", "State")], rows, kept=(0, 1)
    )


def show_added(name: str, made: str | None, vain: Sequence[str]) -> None:
    """That an endpoint is there now, with the secret that was made for it; `vain`: events that it will never hear."""
    for event in vain:
        terminal.remark(tr("已发布的流程都不发出“{event}”", "No published process emits “{event}”", event=event))
    terminal.show(tr("{name} 已添加", "{name} is added", name=name))
    show_secret(made)


def show_secret(made: str | None) -> None:
    """A secret that was just made."""
    if made is not None:
        terminal.show(tr("密钥（只显示这一次）：{secret}", "Secret (shown only now): {secret}", secret=made))


def show_tried(name: str, result: Result) -> int:
    """What came of a test message; the exit code."""
    if isinstance(result, Delivered):
        said = result.note or "–"
        terminal.show(tr("{name} 已收到测试消息；对方回答：{said}", "{name} has the test message; it said: {said}", name=name, said=said))
        return DONE
    if isinstance(result, Rejected):
        terminal.remark(tr("{name} 拒收：{why}。", "{name} refused it: {why}.", name=name, why=say(result.why)))
    else:
        terminal.remark(tr("{name} 没有收到：{why}。", "{name} did not get it: {why}.", name=name, why=say(result.why)))
    return PROBLEM


def _heard(endpoint: Endpoint) -> str:
    """What is posted there: what tells its role, and its events; in which unit."""
    return ", ".join(held(each, endpoint.unit) for each in (*([endpoint.role] if endpoint.role is not None else []), *endpoint.events))


def _state(known: KnownEndpoint, now: datetime, zone: ZoneInfo) -> str:
    if known.disabled_at is None:
        said = tr("启用；新旧密钥都签名", "enabled; signed with both secrets") if is_rotating(known, now) else tr("启用", "enabled")
        if known.held_until is None or known.held_until <= now:
            return said
        return tr("{said}；{at} 再试", "{said}; next at {at}", said=said, at=local(known.held_until, zone))
    said = tr("{at} 停用", "disabled {at}", at=local(known.disabled_at, zone))
    return said if known.why is None else tr("{said}：{why}", "{said}: {why}", said=said, why=say(known.why))


def _object(known: KnownEndpoint, now: datetime) -> dict[str, object]:
    endpoint = known.endpoint
    return {
        "name": endpoint.name,
        "kind": endpoint.kind,
        "address": host_of(endpoint),
        "role": endpoint.role,
        "events": list(endpoint.events),
        "unit": endpoint.unit,
        "is_signed": endpoint.secret is not None,
        "is_rotating": is_rotating(known, now),
        "made_at": encode_instant(known.made_at),
        "made_by": known.made_by,
        "disabled_at": encode_instant(known.disabled_at) if known.disabled_at is not None else None,
        "why": of_label(known.why) if known.why is not None else None,
        "held_until": encode_instant(known.held_until) if known.held_until is not None and known.held_until > now else None,
    }
