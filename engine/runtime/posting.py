"""Posting: which endpoints a message goes to, what a program reads there, and what happens to an endpoint that is gone.

What tells a role in a case is posted to every endpoint of that role in the unit of the case or above, once, whoever holds the role;
what is emitted, to every endpoint there that hears of the event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from engine.core.case import Case
from engine.core.codec import encode_value
from engine.core.compiled import CompiledDefinition
from engine.label import Label, Language, verbatim
from engine.runtime.wording import NUMBER
from engine.store import endpoints
from engine.store.endpoints import KnownEndpoint
from engine.store.incidents import open_incident
from engine.store.outbox import Emitted, OutboxMessage
from notifications.endpoint import Endpoint
from notifications.message import Happening, Matter, Recipient
from roles.policy import Right

BOTH_HOLD = timedelta(hours=24)
"""How long the former secret signs beside a new one."""


def listening(
    known: Iterable[KnownEndpoint],
    definition: CompiledDefinition,
    tell: Iterable[Right],
    lineage: Sequence[str],
    language: Language,
    now: datetime,
) -> tuple[Recipient, ...]:
    """The enabled endpoints that these words mean in a case of this unit (`lineage`: it and those above), each once, by name."""
    roles = {right.name for right in tell if right.kind == "role"}
    return tuple(
        _recipient(each, definition.roles.get(role, verbatim(role)).within(language), now)
        for each in known
        if (role := each.endpoint.role) in roles
        and role is not None
        and each.disabled_at is None
        and each.endpoint.unit in (None, *lineage)
    )


def subscribed(known: Iterable[KnownEndpoint], event: str, lineage: Sequence[str], now: datetime) -> tuple[Recipient, ...]:
    """The enabled endpoints that hear of this event in a case of this unit, each once, by name."""
    return tuple(
        _recipient(each, each.endpoint.name, now)
        for each in known
        if each.disabled_at is None and each.endpoint.unit in (None, *lineage) and any(hears(of, event) for of in each.endpoint.events)
    )


def hears(pattern: str, event: str) -> bool:
    """Whether a word of an endpoint means this event: its name, `*`, or the beginning of its name.

    >>> hears("repair.*", "repair.finished"), hears("repair.*", "repairs.finished"), hears("repair", "repair.finished")
    (True, False, False)
    """
    return pattern == event or (pattern.endswith("*") and event.startswith(pattern[:-1]))


def means_nothing(pattern: str, definitions: Iterable[CompiledDefinition]) -> bool:
    """Whether no process of these emits what this word of an endpoint means: it is misspelt, or the process is yet to come."""
    emitted = (step.emit.name for each in definitions for step in each.steps() if step.emit is not None)
    return not any(hears(pattern, event) for event in emitted)


def recipient_of(connection: Connection, name: str, now: datetime) -> Recipient | None:
    """The endpoint of this name as it is now; None when nothing may be posted there any more."""
    found = next((each for each in endpoints.endpoints(connection) if each.endpoint.name == name), None)
    return None if found is None or found.disabled_at is not None else _recipient(found, name, now)


def address_of(known: KnownEndpoint, now: datetime) -> Endpoint:
    """The endpoint as its channel sees it, with the secrets that hold now."""
    endpoint = known.endpoint
    secrets = [endpoint.secret]
    if endpoint.renewed_at is not None and now < endpoint.renewed_at + BOTH_HOLD:
        secrets.append(endpoint.former_secret)
    return Endpoint(endpoint.name, endpoint.kind, endpoint.url, tuple(secret for secret in secrets if secret is not None))


def matter_of(definition: CompiledDefinition, case: Case, message: OutboxMessage, link: str) -> Matter:
    """What the message is about, for programs. `link`: the setting."""
    return Matter(
        number=case.number,
        workflow=definition.workflow,
        version=definition.version,
        state=message.state,
        seq=message.key.seq,
        template=message.template,
        recorded_at=message.recorded_at,
        due_at=message.due_at,
        link=link.replace(NUMBER, case.number),
        happening=_happening(definition, case, message.emitted) if message.emitted is not None else None,
    )


def give_up(connection: Connection, name: str, at: datetime, why: Label) -> None:
    """Post nothing there any more, and see that an administrator hears of it."""
    if endpoints.disable(connection, name, at, why):
        sentence = Label("推送地址“{name}”已自动停用：{why}", "The endpoint “{name}” was disabled: {why}")
        open_incident(connection, None, "dead_letter", f"endpoint {name}", sentence.fill(name=name, why=why), at)


def _happening(definition: CompiledDefinition, case: Case, emitted: Emitted) -> Happening:
    """With the values as they were decided; what is personal as it is now, and empty once it was erased."""
    kinds = definition.kinds
    personal = {name: encode_value(kinds[name], case.data.get(name)) for name in emitted.personal}
    return Happening(emitted.event, {**emitted.values, **personal})


def _recipient(known: KnownEndpoint, called: str, now: datetime) -> Recipient:
    return Recipient(known.endpoint.name, called, None, is_outside=False, endpoint=address_of(known, now))
