"""What a step has to do with other programs, as written: the event that performs it, and the event that it gives out."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from engine.definition.element import Element, Name, Names

EVENT = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"

EventName = Annotated[str, StringConstraints(pattern=EVENT, max_length=64)]
"""Lower-case words joined by dots: `waybill.signed`."""

KEY = r"^[^\s.]+(\.[^\s.]+)*$"

Key = Annotated[str, StringConstraints(pattern=KEY, max_length=200)]
"""A key of a message, or a path into the objects in it: `data.waybill`."""


class Event(Element):
    """`{name: waybill.signed, match: {waybill: waybill_out}, fills: {receipt: data.signed_by}}`: performed when another program says so."""

    name: EventName
    match: dict[Key, Name] = {}
    """key of the message → field: the one open case whose fields hold these values is meant. None in a start."""
    fills: dict[Name, Key] = {}
    """field that the step asks for → key of the message."""


class Emit(Element):
    """`{name: repair.finished, fields: [work_done]}`: programs outside are told, with the values of these fields."""

    name: EventName
    fields: Annotated[Names, Field(max_length=40)] = ()
    """Personal ones too must be named: nothing goes out that is not written here."""
