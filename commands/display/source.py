"""Sources of events on the terminal, or as objects: never their secrets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local
from commands.speech import tr
from engine.representation.source import of_source
from engine.runtime.sources import is_rotating
from engine.store.sources import KnownSource
from notifications.signature import Standard


def show_sources(known: Sequence[KnownSource], now: datetime, zone: ZoneInfo, *, in_json: bool) -> None:
    """All sources, by name."""
    if in_json:
        terminal.as_json({"sources": [of_source(each, now) for each in known]})
        return
    if not known:
        terminal.show(tr("还没有事件来源。用 aftercare sources add 添加。", "There are no sources yet. Add one: aftercare sources add"))
        return
    rows = [
        (
            Text(each.source.name, "bold" if each.disabled_at is None else "dim"),
            each.source.service,
            _signed(each),
            f"{each.source.envelope.id}, {each.source.envelope.name}",
            _state(each, now, zone),
        )
        for each in known
    ]
    titles = [tr("名称", "Name"), tr("外部程序", "Service"), tr("签名", "Signed"), tr("编号和名称", "Id and name"), tr("状态", "State")]
    terminal.table(titles, rows, kept=(0, 1))


def _signed(known: KnownSource) -> str:
    scheme = known.source.scheme
    return "Standard Webhooks" if isinstance(scheme, Standard) else f"HMAC-{scheme.algorithm.upper()} {scheme.header}"


def _state(known: KnownSource, now: datetime, zone: ZoneInfo) -> str:
    if known.disabled_at is not None:
        return tr("{at} 停用", "disabled {at}", at=local(known.disabled_at, zone))
    return tr("启用；新旧密钥都有效", "enabled; both secrets are good") if is_rotating(known, now) else tr("启用", "enabled")
