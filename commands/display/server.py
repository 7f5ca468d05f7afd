"""What a server says when it is ready: where it listens, which database it serves, and whose time goes by."""

from __future__ import annotations

import sys

from commands.speech import tr
from commands.terminal import show
from engine.app import Application
from engine.settings import Listen


def show_ready(application: Application, listen: Listen, *, works: bool) -> None:
    """In one line, at once: whoever has started it by a program waits for this."""
    line = tr(
        "开始服务：http://{listen}，数据库 {place}，{time}；Ctrl+C 停止。",
        "Serving at http://{listen}, database {place}, {time}; Ctrl+C stops.",
        listen=listen,
        place=application.database.place,
        time=_time(application, works=works),
    )
    show(line)
    sys.stdout.flush()


def _time(application: Application, *, works: bool) -> str:
    if application.is_simulated:
        now = application.time.now().astimezone(application.settings.zone)
        return tr(
            "模拟时间停在 {now:%Y-%m-%d %H:%M}，不处理提醒和通知",
            "simulated time stands at {now:%Y-%m-%d %H:%M}, so no worker works",
            now=now,
        )
    if works:
        return tr("同时处理提醒和通知", "with workers")
    return tr("不处理提醒和通知", "without workers")
