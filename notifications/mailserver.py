"""The mail server of an installation: where it is, how it is spoken to, and in whose name. A value; opens no connection.

Its password never leaves through a message or `repr`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from engine.errors import Misuse, did_you_mean
from engine.label import Label, verbatim

Security = Literal["none", "starttls", "tls"]

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
"""An address that every mail server can take; nothing in it can end a line or a header."""

_SCHEMES: dict[str, tuple[Security, int]] = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+")

_WAY_OUT = Label(
    "请写成 smtp://主机:25、smtp+starttls://用户:密码@主机:587 或 smtps://用户:密码@主机:465；密码中的特殊字符请用百分号编码。",
    "Write smtp://HOST:25, smtp+starttls://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, "
    "with percent codes for special characters of the password.",
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and the sender it is sent as: an address, or `Name <address>`."""

    host: str
    port: int
    security: Security
    user: str | None
    password: str | None = field(repr=False)
    sender: str

    @property
    def address(self) -> str:
        """The address of the sender alone."""
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """What stands behind the @ of the sender."""
        return self.address.rpartition("@")[2]

    @classmethod
    def parse(cls, url: str, sender: str) -> MailServer:
        """Read the address of a server and a sender as people write them. Raises Misuse; its sentence repeats no password.

        >>> MailServer.parse("smtp+starttls://desk:secret@mail.example.com", "Service desk <desk@example.com>")
        MailServer(host='mail.example.com', port=587, security='starttls', user='desk', sender='Service desk <desk@example.com>')
        """
        parts, port = _split(url.strip())
        security, usual = _SCHEMES[parts.scheme]
        user, password = _credentials(parts, security)
        if not ADDRESS.fullmatch(parseaddr(sender)[1]) or len(sender.splitlines()) > 1:
            sentence = Label("发件人应为邮箱地址，实际为“{found}”。", "Expected an e-mail address as the sender, found “{found}”.")
            way_out = Label("请写成 desk@example.com 或 名称 <desk@example.com>。", "Write desk@example.com or NAME <desk@example.com>.")
            raise Misuse(sentence.fill(found=" ".join(sender.split())), way_out)
        return cls(parts.hostname or "", port or usual, security, user, password, sender.strip())


def _split(url: str) -> tuple[SplitResult, int | None]:
    """The parts of the address, with a scheme and a host that can be, and its port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # it quotes what may be a part of the password
        raise _mistake(Label("主机和端口", "a host and a port"), Label("无法辨认的文字", "a text that cannot be read")) from None
    if "://" not in url:
        raise _mistake(Label("邮件服务器地址", "the address of a mail server"), Label("不含“://”的文字", "a text without “://”"))
    if parts.scheme not in _SCHEMES:
        found = verbatim(f"{parts.scheme}://…")
        raise _mistake(Label("smtp、smtp+starttls 或 smtps", "smtp, smtp+starttls or smtps"), found, did_you_mean(parts.scheme, _SCHEMES))
    if not _HOST.fullmatch(parts.hostname or "") or port == 0:
        raise _mistake(Label("主机名", "the name of a host"), Label("其他内容", "something else"))
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _mistake(Label("主机和端口后没有内容", "nothing after the host and the port"), Label("其他内容", "something else"))
    return parts, port


def _credentials(parts: SplitResult, security: Security) -> tuple[str | None, str | None]:
    if parts.username is None:
        return None, None
    user, password = unquote(parts.username), unquote(parts.password or "")
    if not user or not password or not (user + password).isascii() or not (user + password).isprintable():
        raise _mistake(
            Label("由英文字母、数字和符号组成的用户和密码", "a user and a password of ASCII characters"),
            Label("其他内容", "something else"),
        )
    if security == "none":
        raise _mistake(Label("加密的连接，以便传送密码", "an encrypted connection to send a password over"), verbatim("smtp://"))
    return user, password


def _mistake(expected: Label, found: Label, way_out: Label | None = None) -> Misuse:
    sentence = Label("邮件服务器：应为{expected}，实际为{found}。", "Mail server: expected {expected}, found {found}.")
    return Misuse(sentence.fill(expected=expected, found=found), way_out or _WAY_OUT)
