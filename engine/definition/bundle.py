"""A bundle: one document and what it takes from around it – roles with their separations, calendars, templates.

This is what is published, pinned by cases and known by its digest (DESIGN law 9). Who *holds* a role is not part of it:
that is live. Titles of roles and of calendars travel along for display and do not change the digest; nor does it when somebody writes
down which clause of the written procedures an element carries out, and which is left out.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from engine.definition.calendar import CalendarFile
from engine.definition.child import Interface
from engine.definition.element import Bilingual, Element, Name
from engine.definition.message import MessageTemplate
from engine.definition.workflow import Workflow

_SOURCE = {"source": True}
_WITH_SOURCE: Any = {"__all__": _SOURCE}
_TRACES: Any = {
    "left_out": True,
    "fields": {"__all__": {**_SOURCE, "of": _WITH_SOURCE}},
    "start": _WITH_SOURCE,
    "states": {"__all__": {**_SOURCE, "transitions": _WITH_SOURCE}},
    "anywhere": _WITH_SOURCE,
    "clocks": {"__all__": {"ladder": _WITH_SOURCE}},
    "ladders": {"__all__": _WITH_SOURCE},
}
"""Where clauses are named that change nothing for a case; what a legal clock names is part of what it means."""


class Bundle(Element):
    """The closed unit of publication."""

    workflow: Workflow
    roles: dict[Name, Bilingual]
    apart: tuple[tuple[Name, Name], ...] = ()
    """Pairs of these roles that one person may never hold both."""
    calendars: dict[Name, CalendarFile] = {}
    """The calendars that it names. Public holidays are not in them: those come with the edition that a case pins."""
    templates: dict[Name, MessageTemplate] = {}
    children: dict[Name, Interface] = {}
    """What it must know of the workflows whose cases its steps open."""

    def form(self) -> str:
        """The validated form as JSON: what the store keeps, and what running reads instead of YAML."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    @staticmethod
    def restored(form: str) -> Bundle:
        """The bundle that `form` was made from."""
        return Bundle.model_validate_json(form)

    def digest(self) -> str:
        """SHA-256 of what the document means to a running case, as 64 hexadecimal digits."""
        meaning: dict[str, Any] = {
            "workflow": _meaning(self.workflow, _TRACES),
            "roles": sorted(self.roles),
            "apart": sorted(sorted(pair) for pair in self.apart),
        }
        # Only where there are any, so that a document without them keeps the digest it always had.
        if self.calendars:
            meaning["calendars"] = {name: _hours(each) for name, each in sorted(self.calendars.items())}
        if self.templates:
            meaning["templates"] = {name: _meaning(each) for name, each in sorted(self.templates.items())}
        if self.children:
            meaning["children"] = {name: _known(each) for name, each in sorted(self.children.items())}
        return hashlib.sha256(json.dumps(meaning, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _meaning(element: Element, without: Any = None) -> dict[str, Any]:
    return element.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=without)


def _known(child: Interface) -> Any:
    """Without titles: how a child is called changes nothing for a case of its parent."""
    fields = {
        name: each.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"title"}) for name, each in child.fields.items()
    }
    for field in fields.values():
        if "choices" in field:
            field["choices"] = sorted(field["choices"])
    starts = {name: list(start.asks) for name, start in sorted(child.starts.items())}
    known = {"starts": starts, "fields": dict(sorted(fields.items())), "steps": sorted(child.steps), "ends": sorted(child.ends)}
    # Only where a list is asked for, so that a document without one keeps the digest it always had.
    rows = {name: {each: sorted(columns) for each, columns in sorted(start.rows.items())} for name, start in child.starts.items()}
    return {**known, "rows": rows} if any(rows.values()) else known


def _hours(calendar: CalendarFile) -> Any:
    """Without titles, and whatever the order in which its days were written."""
    meaning = calendar.model_dump(mode="json", exclude_defaults=True, exclude={"title": True, "closures": {"__all__": {"title": True}}})
    return json.loads(json.dumps(meaning, sort_keys=True))
