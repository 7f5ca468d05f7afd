"""The command that serves: the screen, requests of other programs and the work of the workers, in one process."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from importlib.util import find_spec

import rich_click as click

from commands.failure import DONE, PROBLEM
from commands.grammar import command, option
from commands.session import Session
from engine.errors import Unavailable
from engine.label import Label

NEEDED = ("fastapi", "prometheus_client", "pwdlib", "python_multipart", "segno", "structlog", "uvicorn", "zxcvbn")
"""What the extra `web` brings."""


@command("serve", "提供界面和 HTTP 接口，并处理提醒和通知。", "Serve the screen and the HTTP API, and let the workers work.")
@option(
    "--listen",
    metavar="ADDRESS:PORT",
    zh="监听的地址和端口；默认见设置 listen",
    en="Where to listen; by default where the setting “listen” says",
)
@option("--no-work", is_flag=True, zh="不处理提醒和通知", en="No worker works here")
@click.pass_obj
def serve(session: Session, listen: str | None, no_work: bool) -> int:
    """Serve until a signal."""
    _require_packages()
    from commands.display.server import show_ready
    from engine.app import Application
    from web.logs import log_to
    from web.serving import bind, served

    if listen is not None:
        session = replace(session, options={**session.options, "listen": listen})
    settings, works = session.settings, not no_work
    with Application.open(settings, session.instant(settings)) as application, bind(settings.listen) as listener:
        address = replace(settings.listen, port=listener.getsockname()[1])
        ready = partial(show_ready, application, address, works=works)
        is_clean = served(application, listener, log_to(sys.stderr), ready, works=works)
    return DONE if is_clean else PROBLEM


def _require_packages() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        sentence = Label("提供接口所需的软件包没有安装：{names}。", "The packages that serving needs are not installed: {names}.")
        way_out = Label('请运行 `pip install "aftercare[web]"`。', 'Run `pip install "aftercare[web]"`.')
        raise Unavailable(sentence.fill(names=", ".join(missing)), way_out)


COMMANDS = {"serve": serve}
