"""Events that have waited in quarantine for more than a working hour: a person must look at them. Tries none of them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.core.effect import IncidentKind, OpenIncident
from engine.core.happening import meant
from engine.errors import Damaged
from engine.label import Label
from engine.runtime.catalog import Catalog
from engine.store import inbound
from engine.store.database import Database
from engine.store.inbound import Waiting
from engine.timing.deadline import deadline
from engine.timing.period import Period

KIND: IncidentKind = "event_unmatched"
_LONG = Period(1, "wh")
_AT_LEAST = timedelta(hours=1)
"""A working hour lasts no less."""
_SENTENCE = Label(
    "来源“{source}”的事件“{name}”已在隔离中等待超过 1 个工作小时，须修正后重放，或不予处理",
    "events “{name}” of the source “{source}” have been in quarantine for a working hour: mend what is wrong and replay them, or drop them",
)


@dataclass(frozen=True, slots=True)
class Stranded:
    """Events of one name from one source, as an incident, and when the newest of them came."""

    incident: OpenIncident
    newest_at: datetime


def stranded(database: Database, catalog: Catalog, now: datetime) -> Mapping[str, Stranded]:
    """What waits for long, by the subject of its incident."""
    with database.read() as reader:
        found = inbound.waiting_since(reader, now - _AT_LEAST)
    return {
        subject(each.oldest.source, each.oldest.name): Stranded(_incident(each), each.newest_at)
        for each in found
        if _is_long(each, catalog, now)
    }


def subject(source: str, name: str) -> str:
    """The subject of the incident; neither word holds a space."""
    return f"{source} {name}"


def source_and_name(subject: str) -> tuple[str, str]:
    """What an incident of this subject is about."""
    source, _, name = subject.partition(" ")
    return source, name


def _incident(waiting: Waiting) -> OpenIncident:
    source, name = waiting.oldest.source, waiting.oldest.name
    return OpenIncident(KIND, subject(source, name), _SENTENCE.fill(source=source, name=name))


def _is_long(waiting: Waiting, catalog: Catalog, now: datetime) -> bool:
    """By the calendar of the first process that knows the event; where none has one, every hour counts."""
    try:
        knowing = [each for each in catalog.all_newest() if each.calendar is not None and meant(each, waiting.oldest.name)]
    except Damaged:
        return True  # what cannot be read performs no step: somebody must look all the more
    if not knowing:
        return True
    definition = knowing[0]
    assert definition.calendar is not None
    calendar = catalog.calendars(definition, catalog.edition())[definition.calendar]
    over = deadline(waiting.oldest.received_at, _LONG, calendar)
    return over is not None and over.at <= now
