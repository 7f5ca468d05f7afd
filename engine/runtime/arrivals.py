"""Arrivals: something is put on the counter and scanned, or its owner says his number. What was here before, what of it fills a form, and
what its last case brings along. Reads, never writes; personal values only as far as they are disclosed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.core.briefing import INTEGRATION
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.facts import Facts
from engine.core.field import FieldRule, Unreadable
from engine.core.form import Ask
from engine.runtime.access import Access
from engine.runtime.catalog import Catalog
from engine.runtime.fields import FieldView
from engine.runtime.lineage import Lineage, Visit
from engine.runtime.reading import CaseView, LineView, Views
from engine.runtime.starts import follows_others

MOST = 20
"""Cases that are shown where what was typed means no single device."""
TOLD = 4
"""Findings of an earlier case that are told with it."""
_WHOEVER = Facts(datetime.min.replace(tzinfo=UTC), INTEGRATION, ZoneInfo("UTC"))
"""How a number is written does not depend on who reads it, nor when."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What was scanned or typed. `subject`: the device that it means, as the core writes it; None where it means none, or several."""

    text: str
    subject: str | None
    stays: tuple[Visit, ...]
    """The cases for which that device was here: open ones first, then the newest."""
    afterwards: tuple[Visit, ...]
    """Those that followed from these, as a call: in the same order."""
    others: tuple[LineView, ...]
    """Where it means no single device: the cases that it was found in."""
    is_known: bool
    """Whether it is the number of a device, or was found: anything else may have been a guess at somebody's telephone number."""

    @property
    def is_here(self) -> bool:
        """Whether the device has not been given back."""
        return any(each.is_open for each in self.stays)

    @property
    def days(self) -> int:
        """How many days the device was here, all in all."""
        return sum(each.days for each in self.stays)

    @property
    def newest(self) -> Visit | None:
        """The last time it was here."""
        return max(self.stays or self.afterwards, key=lambda each: each.line.opened_at, default=None)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The newest case of a device before this one: what was found then, and what of it still holds."""

    view: CaseView
    findings: tuple[FieldView, ...]
    lasting: tuple[FieldView, ...]
    """What the form asks for again, and is disclosed."""

    @property
    def data(self) -> Mapping[str, object]:
        """The same as the form takes it."""
        return {each.id: self.view.case.data[each.id] for each in self.lasting}


class Arrivals:
    """Answers for one database. Safe to share between threads."""

    def __init__(self, catalog: Catalog, views: Views, lineage: Lineage) -> None:
        self._catalog = catalog
        self._views = views
        self._lineage = lineage

    def look(self, text: str, access: Access) -> Arrival:
        """What of it was here before, as far as it may be seen."""
        definitions = self._catalog.all_newest()
        devices = _meanings(text, (each.fields[each.subject] for each in definitions if each.subject is not None))
        visits = {each: self._lineage.of_subject(each, access) for each in devices}
        device = next((each for each in devices if visits[each]), next(iter(devices), None))
        if device is not None:
            return self._of(text, device, visits[device])
        phones = _meanings(text, (rule for each in definitions for rule in each.fields.values() if rule.type == "phone"))
        texts = phones or dict.fromkeys((text.strip(), unicodedata.normalize("NFKC", text).strip()))
        found = next((lines for each in texts if (lines := self._views.find(each, MOST, access).lines)), ())
        about = {each.line.subject for each in found}
        device = about.pop() if len(about) == 1 else None
        if device is not None:
            return self._of(text, device, self._lineage.of_subject(device, access))
        return Arrival(text, None, (), (), found, bool(found))

    def _of(self, text: str, device: str, visits: Iterable[Visit]) -> Arrival:
        ordered = sorted(visits, key=lambda each: (each.is_open, each.line.opened_at, each.line.number), reverse=True)
        afterwards = [each for each in ordered if follows_others(self._catalog.by_digest(each.line.digest))]
        return Arrival(text, device, tuple(each for each in ordered if each not in afterwards), tuple(afterwards), (), is_known=True)

    def earlier(self, step: CompiledStep, definition: CompiledDefinition, number: str, access: Access) -> Earlier:
        """A case as the next one of its device begins with it. Raises Unknown for one that may not be seen."""
        view = self._views.case(number, access)
        asked = step.form.names
        findings = [each for each in view.fields if _is_finding(view.definition, each, asked)]
        lasts = {ask.field.id: ask.field for ask in _lasting(definition, step)}
        lasting = [each for each in view.fields if each.id in lasts and _is_same(view.definition, lasts[each.id]) and not each.is_masked]
        return Earlier(view, tuple(findings[:TOLD]), tuple(lasting))


def filled(definition: CompiledDefinition, step: CompiledStep, text: str) -> dict[str, object]:
    """What a scanned text fills in a form: the device, else a telephone number; nothing where it reads as neither."""
    asked = [ask.field for ask in step.form.asks]
    rules = sorted((rule for rule in asked if _is_written(rule)), key=lambda rule: rule.id != definition.subject)
    return next(({rule.id: value} for rule in rules for value in _meanings(text, (rule,))), {})


def _meanings(text: str, rules: Iterable[FieldRule]) -> tuple[str, ...]:
    """The values that a text is to fields of a fixed form: a serial number, a telephone number."""
    found: dict[str, None] = {}
    for rule in rules:
        if _is_written(rule):
            try:
                value = rule.read(text, _WHOEVER, ())
            except Unreadable:
                continue
            found |= {value: None} if isinstance(value, str) else {}
    return tuple(found)


def _is_written(rule: FieldRule) -> bool:
    return rule.type == "phone" or (rule.type == "text" and rule.pattern is not None)


def _lasting(definition: CompiledDefinition, step: CompiledStep) -> tuple[Ask, ...]:
    """What a form asks about the customer and, up to the number of the device, about the device: it is the same the next time."""
    asks = step.form.asks
    parties = {field for party in definition.parties.values() for field in party.values()}
    key = next((place for place, ask in enumerate(asks) if ask.field.id == definition.subject), -1)
    return tuple(ask for place, ask in enumerate(asks) if ask.field.id in parties or (place <= key and _names(definition, ask.field)))


def _names(definition: CompiledDefinition, rule: FieldRule) -> bool:
    """Whether it is a name or a number of the device itself, and none that belongs to a single case."""
    return rule.kind.name == "text" and rule.lines == 1 and (rule.unique is None or rule.id == definition.subject)


def _is_same(definition: CompiledDefinition, rule: FieldRule) -> bool:
    found = definition.fields.get(rule.id)
    return found is not None and found.type == rule.type


def _is_finding(definition: CompiledDefinition, shown: FieldView, asked: frozenset[str]) -> bool:
    """Whether it was decided on the way, and decided something."""
    rule = definition.fields[shown.id]
    return rule.type in ("choice", "boolean") and shown.id in definition.deciding - asked and not shown.is_masked
