"""Values as JSON, by their kinds: decimals and money as shortest strings. Which field has which kind is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from engine.core.codec.text import Json, decode_instant, encode_instant
from engine.core.event import Changes
from engine.core.kind import Attachment, Kind, Row, Value
from engine.timing.period import Period

Kinds = Mapping[str, Kind]
"""field id → kind, of one definition."""


def encode_value(kind: Kind, value: Value | None) -> Json:
    """A value of this kind as JSON; None stays null. ValueError when the value is not of the kind."""
    if value is None:
        return None
    if kind.name == "list":
        return _encode_rows(kind, value)
    encode = _ENCODERS.get(kind.name)
    if encode is None:
        return cast(Json, value)
    return encode(value)


def decode_value(kind: Kind, body: Json) -> Value | None:
    """The value that `encode_value` wrote."""
    if body is None:
        return None
    if kind.name == "list":
        return _decode_rows(kind, body)
    decode = _DECODERS.get(kind.name)
    if decode is None:
        return cast(Value, body)
    return decode(body)


def encode_changes(changes: Changes, kinds: Kinds) -> dict[str, Json]:
    """field id → JSON value. KeyError for a field that the definition does not know."""
    return {field: encode_value(kinds[field], value) for field, value in changes.items()}


def decode_changes(body: Mapping[str, Json], kinds: Kinds) -> dict[str, Value | None]:
    """The changes that `encode_changes` wrote."""
    return {field: decode_value(kinds[field], value) for field, value in body.items()}


def encode_cells(kind: Kind, cells: Mapping[str, Value]) -> dict[str, Json]:
    """column → JSON value, for the filled columns of a row of a list of this kind."""
    columns = dict(kind.columns)
    return {column: encode_value(columns[column], value) for column, value in cells.items()}


def decode_cells(kind: Kind, body: Mapping[str, Json]) -> dict[str, Value]:
    """The cells that `encode_cells` wrote."""
    columns = dict(kind.columns)
    return {column: cast(Value, decode_value(columns[column], value)) for column, value in body.items()}


def _encode_rows(kind: Kind, value: Value) -> Json:
    return [[row.id, encode_cells(kind, row.cells)] for row in cast("tuple[Row, ...]", value)]


def _decode_rows(kind: Kind, body: Json) -> Value:
    return tuple([Row(id, decode_cells(kind, cells)) for id, cells in cast("list[Any]", body)])


def _encode_file(value: Value) -> Json:
    file = cast(Attachment, value)
    return {"id": file.id, "name": file.name, "size": file.size, "media": file.media}


def _decode_file(body: Json) -> Attachment:
    return Attachment(**cast("dict[str, Any]", body))


def _encode_files(value: Value) -> Json:
    return [_encode_file(each) for each in cast("tuple[Attachment, ...]", value)]


def _decode_files(body: Json) -> Value:
    return tuple([_decode_file(each) for each in cast("list[Json]", body)])


def _encode_decimal(value: Value) -> Json:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(f"expected a finite decimal, found {value!r}")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _encode_date(value: Value) -> Json:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"expected a date, found {value!r}")
    return value.isoformat()


def _encode_datetime(value: Value) -> Json:
    if not isinstance(value, datetime):
        raise ValueError(f"expected an instant, found {value!r}")
    return encode_instant(value)


def _encode_people(value: Value) -> Json:
    return list(cast("tuple[str, ...]", value))


def encode_duration(value: Value) -> Json:
    """A length of time as JSON."""
    period = cast(Period, value)
    return [period.count, period.unit]


def decode_duration(body: Json) -> Period:
    """The length that `encode_duration` wrote."""
    count, unit = cast("list[Json]", body)
    return Period(cast(int, count), unit)  # type: ignore[arg-type]


_ENCODERS: Mapping[str, Callable[[Value], Json]] = {
    "decimal": _encode_decimal,
    "money": _encode_decimal,
    "date": _encode_date,
    "datetime": _encode_datetime,
    "people": _encode_people,
    "duration": encode_duration,
    "file": _encode_file,
    "files": _encode_files,
}


_DECODERS: Mapping[str, Callable[[Json], Value]] = {
    "decimal": cast("Callable[[Json], Value]", Decimal),
    "money": cast("Callable[[Json], Value]", Decimal),
    "date": cast("Callable[[Json], Value]", date.fromisoformat),
    "datetime": cast("Callable[[Json], Value]", decode_instant),
    "people": cast("Callable[[Json], Value]", tuple),
    "duration": decode_duration,
    "file": _decode_file,
    "files": _decode_files,
}
