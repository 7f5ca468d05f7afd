"""What a text of a request may hold, as the OpenAPI document says it too: everything but the one character that no database keeps.

Requests are held to it by `web.body`, `web.strict` and `web.console.screen`. Knows JSON Schema, no path.
"""

from __future__ import annotations

from typing import Any

STORABLE = r"^[^\x00]*$"
_SCHEMAS = "#/components/schemas/"
_VALUE = {"$ref": f"{_SCHEMAS}Value"}
_ANY_VALUE = {
    "description": "Whatever JSON has; what a field takes is said by its workflow.",
    "anyOf": [
        {"type": "string", "pattern": STORABLE},
        {"type": ["number", "boolean", "null"]},
        {"type": "array", "items": _VALUE},
        {"type": "object", "propertyNames": {"pattern": STORABLE}, "additionalProperties": _VALUE},
    ],
}


def is_storable(text: str) -> bool:
    """Whether a database keeps it: whole characters, and none of them U+0000.

    >>> is_storable("工单"), is_storable("a\0"), is_storable("\ud800")
    (True, False, False)
    """
    return "\0" not in text and is_whole(text)


def is_whole(text: str) -> bool:
    """Whether it holds no half of a character."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def declare_storable(document: dict[str, Any]) -> None:
    """Let every query and every body of JSON in this document say so."""
    schemas = document["components"]["schemas"]
    seen: set[str] = set()
    for operation in (each for path in document["paths"].values() for each in path.values()):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                _narrow(parameter["schema"], schemas, seen)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            _narrow(content["schema"], schemas, seen)
    schemas["Value"] = _ANY_VALUE


def _narrow(schema: dict[str, Any], schemas: dict[str, Any], seen: set[str]) -> None:
    name = schema.get("$ref", "").removeprefix(_SCHEMAS)
    if name and name not in seen:
        seen.add(name)
        _narrow(schemas[name], schemas, seen)
    for below in (*schema.get("anyOf", ()), *schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else ())):
        _narrow(below, schemas, seen)
    if schema.get("type") == "string" and not schema.keys() & {"pattern", "enum", "const", "format"}:
        schema["pattern"] = STORABLE
    if schema.get("type") == "object" and "properties" not in schema:
        schema |= {"propertyNames": {"pattern": STORABLE}, "additionalProperties": _VALUE}
