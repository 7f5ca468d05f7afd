"""The filters of a template: few, none of which formats, and all of which take whatever value they meet.

`default("text")` stands in for an empty value, `join("text")` puts a text between the items of a list, `length` counts them,
`lower`, `upper` and `trim` change a text. Their arguments are texts written out in the template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from jinja2 import Undefined


def _default(value: object, text: str) -> object:
    return text if value is None or value == "" or isinstance(value, Undefined) else value


def _join(value: object, between: str) -> str:
    return between.join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)


def _length(value: object) -> int:
    return len(value)  # type: ignore[arg-type] # TypeError for what has none, as for every value of the wrong kind


def _lower(value: object) -> str:
    return str(value).lower()


def _upper(value: object) -> str:
    return str(value).upper()


def _trim(value: object) -> str:
    return str(value).strip()


FILTERS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {"default": _default, "join": _join, "length": _length, "lower": _lower, "trim": _trim, "upper": _upper}
)

ARGUMENTS: Mapping[str, int] = MappingProxyType({"default": 1, "join": 1, "length": 0, "lower": 0, "trim": 0, "upper": 0})
"""How many texts each takes."""
