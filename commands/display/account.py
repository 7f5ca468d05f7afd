"""Accounts on the terminal, or as objects: a password only once, when it was made, and where somebody is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from commands import terminal
from commands.display.case import local
from commands.speech import say, tr
from engine.representation.session import of_session
from engine.store.accounts import Session
from web.console.browser.device import in_words


def show_password(person: str, password: str) -> None:
    """A temporary password that was just made."""
    terminal.show(
        tr(
            "{person} 的临时密码（只显示这一次，7 天内有效，首次登录时须修改）：{password}",
            "Temporary password of {person} (shown only now, good for 7 days, to be changed at the first sign-in): {password}",
            person=person,
            password=password,
        )
    )


def show_kept(person: str) -> None:
    """That somebody has a password and keeps it."""
    terminal.show(
        tr(
            "{person} 已有密码；要换新的，用 aftercare people password {person}",
            "{person} has a password already; a new one: aftercare people password {person}",
            person=person,
        )
    )


def show_sessions(person: str, sessions: Sequence[Session], zone: ZoneInfo, *, in_json: bool) -> None:
    """Where somebody is signed in, the newest first."""
    if in_json:
        terminal.as_json({"sessions": [of_session(each) for each in sessions]})
        return
    if not sessions:
        terminal.show(tr("{person} 没有登录", "{person} is signed in nowhere", person=person))
        return
    rows = [
        (say(in_words(each.device)), local(each.begun_at, zone), local(each.used_at, zone), local(each.ends_at, zone)) for each in sessions
    ]
    terminal.table([tr("设备", "Device"), tr("登录于", "Since"), tr("最近使用", "Last used"), tr("最迟结束", "Ends at the latest")], rows)
