"""Founding: the folder of a company, with its settings file and the places for its own definitions and roles; and its database.

Makes only what is not there yet, so it is safe to repeat; nothing of the user's is ever written over.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from engine.errors import Unavailable, reason_of
from engine.label import Label
from engine.runtime import holidays
from engine.settings import FILE_NAME
from engine.store.database import Database

_SETTINGS = """\
# Aftercare 的设置，每行一项；删去行首的 # 即可启用。
# The settings of Aftercare, one a line; take away the # to use it.

# 界面语言 · language: "zh" / "en"
# language = "zh"

# 公司所在时区 · the time zone of the company
# zone = "Asia/Shanghai"

# 数据库 · database: "sqlite:///文件 FILE" / "postgresql://用户 USER@主机 HOST/数据库 DATABASE"
# database = "sqlite:///aftercare.db"

# 自己的流程与角色所在的文件夹 · folders of your own workflows and roles
# definitions = ["workflows"]
# roles = ["roles"]

# 发送邮件（两项一起设置；不设则只通知到收件箱）· sending mail, both or neither: without it people are told in their inboxes
# mail = "smtp+starttls://desk:password@mail.example.com:587"
# sender = "售后 After-sales <desk@example.com>"

# 消息中打开工单的网址 · where a message says that a case can be opened
# link = "https://example.com/cases/{number}"

# 推送地址可在哪里 · where endpoints may be: "public" 互联网 the internet / "private" 也包括内网 your own network too
# outbound = "public"

# “aftercare serve”监听的地址 · where “aftercare serve” listens
# listen = "127.0.0.1:8000"

# 不加密（HTTP）也可登录界面：只用于可信的内部网络 · sign in without encryption: only in a network that you trust
# plain_http = true
"""
_FOLDERS = ("workflows", "roles")


def found(directory: Path) -> tuple[Path, ...]:
    """Make what is missing; answer what was made, as paths. Raises Unavailable when the place cannot be written."""
    made: list[Path] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name in _FOLDERS:
            folder = directory / name
            if not folder.is_dir():
                folder.mkdir()
                made.append(folder)
        settings = directory / FILE_NAME
        if not settings.exists():
            with settings.open("x", encoding="utf-8") as file:
                file.write(_SETTINGS)
            made.append(settings)
    except OSError as error:
        raise _unwritable(directory, error) from error
    return tuple(made)


def found_database(url: str, *, simulated: bool, now: datetime, principal: str) -> str:
    """Make a database, or bring one to the present schema, with the official holidays that come with the product; its place.

    `now` is where the clock of a new simulated one stands. Raises what `Database.create` does.
    """
    database = Database.create(url, simulated=simulated, now=now)
    try:
        holidays.load_shipped(database, now, principal)
        return database.place
    finally:
        database.close()


def _unwritable(directory: Path, error: OSError) -> Unavailable:
    return Unavailable(
        Label("无法在 {place} 建立文件：{why}。", "Files cannot be made in {place}: {why}.").fill(
            place=error.filename or directory, why=reason_of(error)
        ),
        Label(
            "请换一个可写的文件夹，或检查权限和磁盘空间。", "Choose a folder that can be written, or check its rights and the free space."
        ),
    )
