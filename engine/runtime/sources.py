"""Sources: added, their secrets replaced, disabled – and whether a request is really from one, and which event it brings.

A source names a service: its events are performed with the rights of that service, never with those of whoever added it. A secret is
stored as it is, and never said again after it was given.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.util import find_spec

from sqlalchemy import Connection

from engine.errors import Conflict, Forbidden, Misuse, Unauthenticated, Unavailable, Unknown, did_you_mean
from engine.label import Label
from engine.runtime.directory import Directory
from engine.runtime.naming import person_named
from engine.runtime.timesource import TimeSource
from engine.store import sources
from engine.store.database import Database
from engine.store.sources import KnownSource, Source
from notifications.envelope import Arrival, Envelope, opened
from notifications.secret import fresh, is_secret
from notifications.signature import BODY, TIMESTAMP, Hmac, Scheme, Standard, is_signed, sent_at

BOTH_HOLD = timedelta(hours=24)
"""How long requests signed with the former secret are taken beside those of a new one."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_SHORTEST, _LONGEST = 16, 256
"""Characters of a secret of an HMAC scheme."""
_WIDEST = timedelta(hours=1)
_log = logging.getLogger("aftercare.sources")


@dataclass(frozen=True, slots=True)
class Wish:
    """A source as somebody wants it. `service` by id or name; `secret` None: one is made."""

    name: str
    service: str
    scheme: Scheme
    envelope: Envelope
    secret: str | None = field(default=None, repr=False)


class Sources:
    """Serves one database; safe to share between threads."""

    def __init__(self, database: Database, directory: Directory, time: TimeSource) -> None:
        self._database = database
        self._directory = directory
        self._time = time

    def known(self) -> list[KnownSource]:
        """All of them, disabled ones too, by name."""
        with self._database.read() as reader:
            return sources.sources(reader.connection)

    def add(self, wish: Wish, *, by: str) -> str | None:
        """Add a source; answers the secret if one was made for it, to be shown this once.

        Raises Misuse for a name, scheme or secret that cannot be, Unknown for a service, Conflict for a name in use.
        """
        if not _NAME.fullmatch(wish.name):
            raise _odd_name(wish.name)
        _check(wish.scheme)
        service = self._service(wish.service)
        made = fresh() if wish.secret is None else None
        source = Source(wish.name, service, wish.scheme, wish.envelope, made or _checked(wish.scheme, wish.secret or ""))
        with self._database.write() as connection:
            if sources.by_name(connection, wish.name) is not None:
                raise Conflict(
                    Label("已有事件来源“{name}”。", "There is a source “{name}” already.").fill(name=wish.name),
                    Label("请换一个名称；更换密钥用 rotate。", "Choose another name; a secret is replaced with “rotate”."),
                )
            sources.save(connection, source, at=self._time.now(), by=by)
        return made

    def rotate(self, name: str, secret: str | None, *, by: str) -> str | None:
        """Replace the secret; answers the new one if it was made here. The former one is good for a day more. Raises Unknown, Misuse."""
        with self._database.write() as connection:
            source = _found(connection, name).source
            new = _checked(source.scheme, secret) if secret is not None else fresh()
            now = self._time.now()
            sources.save(connection, replace(source, secret=new, former_secret=source.secret, renewed_at=now), at=now, by=by)
        return new if secret is None else None

    def disable(self, name: str) -> bool:
        """Take nothing in from it until it is enabled again; False when that is so already. Raises Unknown."""
        with self._database.write() as connection:
            _found(connection, name)
            return sources.disable(connection, name, self._time.now())

    def enable(self, name: str) -> bool:
        """Take in again what it sends; False when that is so already. Raises Unknown."""
        with self._database.write() as connection:
            _found(connection, name)
            return sources.enable(connection, name)

    def admit(self, name: str, headers: Mapping[str, str], body: bytes) -> Arrival:
        """The event that a request brings. `headers`: name in lower case → value.

        Raises Unauthenticated for a source that does not exist and for a signature – always in the same words: whoever proves nothing is
        told nothing –, Forbidden for a disabled source, Misuse for a body that is no event.
        """
        with self._database.read() as reader:
            known = sources.by_name(reader.connection, name)
        if known is None:
            raise _unsigned()
        source = known.source
        if isinstance(source.scheme, Standard) and find_spec("standardwebhooks") is None:
            raise _missing()
        now = self._database.server_time()  # its sender signs by a real clock, however time stands here
        if not is_signed(source.scheme, headers, body, secrets_of(source, self._time.now()), now):
            sent = sent_at(source.scheme, headers)
            age = f"; its timestamp is {(now - sent).total_seconds():.0f} s old" if sent is not None else ""
            _log.warning("a request to the source %s is not signed as it should be%s", name, age)
            raise _unsigned()
        if known.disabled_at is not None:
            raise Forbidden(
                Label("事件来源“{name}”已停用。", "The source “{name}” is disabled.").fill(name=name),
                Label("用“aftercare sources enable”恢复。", "“aftercare sources enable” enables it again."),
            )
        return opened(source.envelope, headers, body)

    def _service(self, name: str) -> str:
        roster = self._directory.roster()
        service = person_named(roster, name)
        if roster.people[service].kind != "service":
            raise Misuse(
                Label("“{name}”不是外部程序。", "“{name}” is no service.").fill(name=name),
                Label("请用“aftercare people add --service”登记外部程序。", "Add the service with “aftercare people add --service”."),
            )
        return service


def secrets_of(source: Source, now: datetime) -> tuple[str, ...]:
    """The secrets that are good now: the present one, and for a day after a change the former one."""
    former = source.former_secret
    is_new = source.renewed_at is not None and now < source.renewed_at + BOTH_HOLD
    return (source.secret, former) if former is not None and is_new else (source.secret,)


def is_rotating(known: KnownSource, now: datetime) -> bool:
    """Whether the former secret is good beside the present one."""
    return len(secrets_of(known.source, now)) > 1


def _unknown(name: str, known: Mapping[str, object]) -> Unknown:
    """The error for a source that does not exist."""
    return Unknown(
        Label("没有事件来源“{name}”。", "There is no source “{name}”.").fill(name=name),
        did_you_mean(name, known) or Label("请用“aftercare sources”查看。", "See them with “aftercare sources”."),
    )


def _found(connection: Connection, name: str) -> KnownSource:
    found = sources.by_name(connection, name)
    if found is None:
        raise _unknown(name, {each.source.name: each for each in sources.sources(connection)})
    return found


def _unsigned() -> Unauthenticated:
    return Unauthenticated(
        Label("签名无效。", "The signature is not valid."),
        Label(
            "请核对地址，按事件来源声明的方式、用现行密钥签名，并核对时钟。",
            "Look at the address; sign as the source declares, with its present secret, by a clock that is right.",
        ),
    )


def _missing() -> Unavailable:
    return Unavailable(
        Label("缺少核验签名所需的软件包 standardwebhooks。", "The package standardwebhooks, which verifies the signature, is missing."),
        Label("请安装 aftercare[channels]。", "Install aftercare[channels]."),
    )


def _odd_name(name: str) -> Misuse:
    sentence = Label(
        "事件来源的名称应由小写字母、数字和连字符组成，至多 32 个字符，实际为“{name}”。",
        "Expected the name of a source to be lower-case letters, digits and hyphens, at most 32, found “{name}”.",
    )
    return Misuse(sentence.fill(name=name), Label("例如 courier-1。", "For example courier-1."))


def _check(scheme: Scheme) -> None:
    """Raises Misuse for a declaration that no request could meet, or that any could."""
    if isinstance(scheme, Standard):
        return
    for header in (scheme.header, *([scheme.timestamp] if scheme.timestamp is not None else [])):
        if not _HEADER.fullmatch(header):
            sentence = Label("应为请求头的名称，实际为“{header}”。", "Expected the name of a header, found “{header}”.")
            raise Misuse(sentence.fill(header=header), Label("例如 X-Signature。", "For example X-Signature."))
    _check_template(scheme)
    if not timedelta() < scheme.tolerance <= _WIDEST:
        raise Misuse(Label("时间戳的容差应为 1 至 3600 秒。", "Expected a tolerance of 1 to 3600 seconds."))


def _check_template(scheme: Hmac) -> None:
    rest = scheme.signed.replace(BODY, "", 1).replace(TIMESTAMP, "")
    if BODY not in scheme.signed or "{" in rest or "}" in rest:
        sentence = Label(
            "签名内容应含一次 {body}，除 {stamp} 外不含其他占位符，实际为“{signed}”。",
            "Expected what is signed to hold {body} once and no other placeholder but {stamp}, found “{signed}”.",
        )
        raise Misuse(sentence.fill(body=BODY, stamp=TIMESTAMP, signed=scheme.signed))
    if (TIMESTAMP in scheme.signed) != (scheme.timestamp is not None):
        # A timestamp that is not signed proves nothing: whoever sends a request again would write a new one.
        sentence = Label(
            "{stamp} 应与时间戳的请求头一起声明。", "Expected {stamp} and the header of the timestamp to be declared together."
        )
        way_out = Label("例如：X-Timestamp，签名 {stamp}.{body}。", "For example X-Timestamp, with {stamp}.{body} signed.")
        raise Misuse(sentence.fill(stamp=TIMESTAMP), way_out.fill(stamp=TIMESTAMP, body=BODY))


def _checked(scheme: Scheme, secret: str) -> str:
    """A secret that this scheme can verify with. Raises Misuse, without a word of it."""
    secret = secret.strip()
    if isinstance(scheme, Standard):
        fits, expected = is_secret(secret), Label("whsec_ 加上 24 至 64 字节的 Base64", "whsec_ and 24 to 64 bytes in Base64")
    else:
        fits = _SHORTEST <= len(secret) <= _LONGEST and secret.isascii() and secret.isprintable()
        expected = Label("16 至 256 个可见的 ASCII 字符", "16 to 256 visible characters of ASCII")
    if not fits:
        sentence = Label("密钥应为{expected}，实际为其他内容。", "Expected the secret to be {expected}, found something else.")
        raise Misuse(sentence.fill(expected=expected), Label("不写 --secret 则自动生成。", "Without --secret one is made."))
    return secret
