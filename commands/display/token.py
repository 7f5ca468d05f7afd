"""Tokens on the terminal, or as objects: the token itself only once, when it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.case import local
from commands.speech import listed, say, tr
from engine.label import Label
from engine.representation.token import of_token
from engine.runtime.tokens import Made
from engine.store.tokens import Token, TokenState

_STATES: Mapping[TokenState, Label] = {
    "good": Label("有效", "good"),
    "expired": Label("已过期", "expired"),
    "revoked": Label("已撤销", "revoked"),
}


def show_tokens(known: Sequence[Token], now: datetime, zone: ZoneInfo, *, in_json: bool) -> None:
    """All tokens, oldest first."""
    if in_json:
        terminal.as_json({"tokens": [of_token(each, now) for each in known]})
        return
    if not known:
        terminal.show(tr("还没有令牌。用 aftercare tokens make 生成。", "There are no tokens yet. Make one: aftercare tokens make"))
        return
    rows = [
        (
            Text(each.id, "bold" if each.state(now) == "good" else "dim"),
            each.holder,
            each.title,
            _reach(each),
            say(_STATES[each.state(now)]),
            local(each.expires_at, zone),
            local(each.used_at, zone) if each.used_at is not None else "–",
        )
        for each in known
    ]
    titles = [tr("编号", "Id"), tr("持有者", "Holder"), tr("说明", "Title"), tr("范围", "Reaches"), tr("状态", "State")]
    terminal.table([*titles, tr("有效期至", "Good until"), tr("上次使用", "Last used")], rows, kept=(0, 1))


def show_made(made: Made, zone: ZoneInfo) -> None:
    """A token that was just made."""
    token = made.token
    terminal.show(
        tr(
            "令牌 {id} 已生成，持有者 {holder}，有效期至 {until}",
            "Token {id} of {holder} is made, good until {until}",
            id=token.id,
            holder=token.holder,
            until=local(token.expires_at, zone),
        ),
        tr("令牌（只显示这一次）：{secret}", "Token (shown only now): {secret}", secret=made.secret),
    )


def _reach(token: Token) -> str:
    """How far it reaches: all that its holder may do, or a part of it."""
    scope = token.scope
    roles = listed(sorted(scope.roles)) if scope.roles is not None else tr("全部", "everything")
    units = f" @ {listed(sorted(scope.units))}" if scope.units is not None else ""
    people = tr("，可代表人员", ", for people") if token.for_people else ""
    return f"{roles}{units}{people}"
