"""Endpoints: added, their secrets replaced, disabled and tried out. What is posted to them is in `posting`.

An address may hold a key, and a secret signs: both are stored as they are, and neither is ever said again after it was given.
"""

from __future__ import annotations

import re
import secrets as chance
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from engine.definition.outside import EVENT
from engine.errors import Conflict, Misuse, Unknown, did_you_mean
from engine.label import Label, Language
from engine.runtime.posting import address_of
from engine.runtime.staffing import role_named
from engine.runtime.timesource import TimeSource
from engine.store import deliveries, endpoints
from engine.store.database import Database
from engine.store.endpoints import Endpoint, KnownEndpoint
from notifications.destination import Destination, Reach
from notifications.endpoint import KINDS, Kind
from notifications.message import Message, Recipient, Result, Text
from notifications.notifier import Notifier
from notifications.secret import fresh, is_secret
from roles.registry import RoleRegistry

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_EVENTS = re.compile(rf"\*|{EVENT[1:-1]}(\.\*)?")

_SIGNED: Mapping[Kind, bool] = {"webhook": True, "wecom": False, "dingtalk": True, "feishu": True}
_SUBJECT = Label("测试消息", "Test message")
_BODY = Label("收到即表示推送地址可用，无需处理。", "That this is here means that messages arrive. Nothing needs to be done.")


@dataclass(frozen=True, slots=True)
class Wish:
    """An endpoint as somebody wants it. `role` by id or title; `unit` by id; of role and events at least one."""

    name: str
    kind: str
    url: str = field(repr=False)
    role: str | None
    unit: str | None
    secret: str | None = field(repr=False)
    events: tuple[str, ...] = ()
    """Names of events, `repair.*` for all that begin so, or `*`."""


class Endpoints:
    """Serves one database; safe to share between threads."""

    def __init__(self, database: Database, notifier: Notifier, reach: Reach, time: TimeSource) -> None:
        self._database = database
        self._notifier = notifier
        self._reach = reach
        self._time = time

    def known(self) -> list[KnownEndpoint]:
        """All of them, disabled ones too, by name."""
        with self._database.read() as reader:
            return endpoints.endpoints(reader.connection)

    def add(self, registry: RoleRegistry, wish: Wish, *, by: str) -> str | None:
        """Add an endpoint; answers the secret if one was made for it, to be shown this once.

        Raises Misuse for a name, address, secret or events that cannot be, Unknown for a kind, role or unit, Conflict for a name in use.
        """
        kind = _kind(wish.kind)
        if not _NAME.fullmatch(wish.name):
            raise _odd_name(wish.name)
        Destination.parse(wish.url, self._reach)
        events = _heard(kind, wish)
        given = _checked(kind, wish.secret) if wish.secret is not None else None
        made = fresh() if given is None and kind == "webhook" else None
        role = role_named(registry, wish.role) if wish.role is not None else None
        endpoint = Endpoint(wish.name, kind, wish.url, role, wish.unit, given or made, events=events)
        with self._database.write() as connection:
            if any(each.endpoint.name == wish.name for each in endpoints.endpoints(connection)):
                raise Conflict(
                    Label("已有推送地址“{name}”。", "There is an endpoint “{name}” already.").fill(name=wish.name),
                    Label("请换一个名称；更换密钥用 rotate。", "Choose another name; a secret is replaced with “rotate”."),
                )
            endpoints.save(connection, endpoint, at=self._time.now(), by=by)
        return made

    def rotate(self, name: str, secret: str | None, *, by: str) -> str | None:
        """Replace the secret; answers the new one if it was made here.

        A webhook is signed with the former one too, for a day; a robot takes one signature. Raises Unknown, Misuse.
        """
        with self._database.write() as connection:
            endpoint = _found(connection, name).endpoint
            if secret is None and endpoint.kind != "webhook":
                raise Misuse(
                    Label(
                        "群机器人的密钥由平台给出，不能在此生成。", "The secret of a robot is given by its vendor and cannot be made here."
                    ),
                    Label("请用 --secret 写入新的密钥。", "Give the new one with --secret."),
                )
            new = _checked(endpoint.kind, secret) if secret is not None else fresh()
            now = self._time.now()
            former = endpoint.secret if endpoint.kind == "webhook" else None
            changed = replace(endpoint, secret=new, former_secret=former, renewed_at=now)
            endpoints.save(connection, changed, at=now, by=by)
        return new if secret is None else None

    def drop_former(self, name: str, *, by: str) -> bool:
        """Let the former secret sign no more; False when none does. Raises Unknown."""
        with self._database.write() as connection:
            known, now = _found(connection, name), self._time.now()
            still = is_rotating(known, now)
            endpoints.save(connection, replace(known.endpoint, former_secret=None), at=now, by=by)
        return still

    def disable(self, name: str, why: Label) -> bool:
        """Post nothing there until it is enabled again; False when that is so already. Raises Unknown."""
        with self._database.write() as connection:
            _found(connection, name)
            return endpoints.disable(connection, name, self._time.now(), why)

    def enable(self, name: str) -> bool:
        """Post there again, at once what waits for it; False when that is so already. Raises Unknown."""
        with self._database.write() as connection:
            known = _found(connection, name)
            if not endpoints.enable(connection, name):
                return False
            deliveries.hasten(connection, f"{known.endpoint.kind}:{name}", self._time.now())
            return True

    def try_out(self, name: str, language: Language) -> Result:
        """Send a test message now, past all queues, to a disabled one too; answers what came of it. Raises Unknown."""
        with self._database.read() as reader:
            known = _found(reader.connection, name)
        recipient = Recipient(name, name, None, is_outside=False, endpoint=address_of(known, self._time.now()))
        message = Message(f"test-{chance.token_hex(16)}", Text(_SUBJECT.within(language), _BODY.within(language)))
        (channel,) = self._notifier.plan(recipient)
        return self._notifier.send(channel, message, recipient)


def is_rotating(known: KnownEndpoint, now: datetime) -> bool:
    """Whether the former secret still signs beside the present one."""
    return len(address_of(known, now).secrets) > 1


def host_of(endpoint: Endpoint) -> str:
    """Of the address what may be shown: where it leads, without its path, in which a key may be.

    >>> host_of(Endpoint("shop", "feishu", "https://open.example.com/hook/4711?key=0815", "manager"))
    'https://open.example.com/…'
    """
    scheme, _, rest = endpoint.url.partition("://")
    return f"{scheme}://{re.split('[/?]', rest, maxsplit=1)[0]}/…"


def _found(connection: Connection, name: str) -> KnownEndpoint:
    known = {each.endpoint.name: each for each in endpoints.endpoints(connection)}
    if name not in known:
        raise Unknown(
            Label("没有推送地址“{name}”。", "There is no endpoint “{name}”.").fill(name=name),
            did_you_mean(name, known) or Label("请用“aftercare endpoints”查看。", "See them with “aftercare endpoints”."),
        )
    return known[name]


def _kind(name: str) -> Kind:
    found = next((kind for kind in KINDS if kind == name), None)
    if found is not None:
        return found
    raise Unknown(
        Label("没有推送方式“{name}”；可用：{known}。", "There is no kind of endpoint “{name}”; available: {known}.").fill(
            name=name, known=", ".join(KINDS)
        ),
        did_you_mean(name, KINDS),
    )


def _heard(kind: Kind, wish: Wish) -> tuple[str, ...]:
    """The events that it is to hear of. Raises Misuse."""
    if wish.role is None and not wish.events:
        raise Misuse(
            Label("推送地址应有角色或事件，两者都没有。", "Expected a role or events for the endpoint, found neither."),
            Label("请用 --role 或 --events。", "Give --role or --events."),
        )
    if wish.events and kind != "webhook":
        raise Misuse(
            Label("群机器人不接收事件：事件是给程序的。", "The robot of a chat hears of no events: they are for programs."),
            Label("请用 --role，或方式 webhook。", "Give --role, or the kind webhook."),
        )
    for each in wish.events:
        if not _EVENTS.fullmatch(each):
            sentence = Label(
                "事件应为名称、“前缀.*”或“*”，实际为“{found}”。", "Expected the name of an event, “PREFIX.*” or “*”, found “{found}”."
            )
            raise Misuse(sentence.fill(found=each), Label("例如 repair.finished 或 repair.*。", "For example repair.finished or repair.*."))
    return tuple(dict.fromkeys(wish.events))


def _odd_name(name: str) -> Misuse:
    sentence = Label(
        "推送地址的名称应由小写字母、数字和连字符组成，至多 32 个字符，实际为“{name}”。",
        "Expected the name of an endpoint to be lower-case letters, digits and hyphens, at most 32, found “{name}”.",
    )
    return Misuse(sentence.fill(name=name), Label("例如 shop-1-managers。", "For example shop-1-managers."))


def _checked(kind: Kind, secret: str) -> str:
    """A secret that this kind can sign with. Raises Misuse, without a word of it."""
    if not _SIGNED[kind]:
        raise Misuse(
            Label("企业微信群机器人不用密钥：它的 key 在地址里。", "A robot of WeCom takes no secret: its key is in its address."),
            Label("请去掉 --secret。", "Leave --secret out."),
        )
    secret = secret.strip()
    if kind != "webhook":
        if not secret or not secret.isascii() or not secret.isprintable():
            raise _odd_secret(Label("平台给出的密钥", "the secret as the vendor shows it"), Label("请原样复制。", "Copy it as it is."))
        return secret
    if not is_secret(secret):
        raise _odd_secret(
            Label("whsec_ 加上 24 至 64 字节的 Base64", "whsec_ and 24 to 64 bytes in Base64"),
            Label("不写 --secret 则自动生成。", "Without --secret one is made."),
        )
    return secret


def _odd_secret(expected: Label, way_out: Label) -> Misuse:
    sentence = Label("密钥应为{expected}，实际为其他内容。", "Expected the secret to be {expected}, found something else.")
    return Misuse(sentence.fill(expected=expected), way_out)
