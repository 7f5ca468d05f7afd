"""The parent and the children of a case as JSON. What a child hands back is written by the columns of its alias."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.core.case import Child, Parent
from engine.core.codec.text import Json, decode_instant, encode_instant
from engine.core.codec.value import Kinds, decode_cells, encode_cells
from engine.core.kind import Kind


def encode_parent(parent: Parent) -> Json:
    """The parent of a case as JSON."""
    return {"id": parent.id, "number": parent.number, "alias": parent.alias, "row": parent.row}


def encode_children(children: Mapping[str, tuple[Child, ...]], kinds: Kinds) -> Json:
    """alias → its children as JSON."""
    return {alias: [_encode_child(child, kinds[alias]) for child in of_alias] for alias, of_alias in children.items()}


def decode_children(body: Mapping[str, Any], kinds: Kinds) -> dict[str, tuple[Child, ...]]:
    """The children that `encode_children` wrote."""
    return {alias: tuple([_decode_child(child, kinds[alias]) for child in of_alias]) for alias, of_alias in body.items()}


def _encode_child(child: Child, kind: Kind) -> Json:
    body: dict[str, Json] = {"id": child.id, "number": child.number, "workflow": child.workflow, "row": child.row, "at_end": child.at_end}
    body |= {"cancel_step": child.cancel_step, "opened_at": encode_instant(child.opened_at)}
    if child.outcome is not None and child.ended_at is not None:
        body |= {"state": child.state, "outcome": child.outcome, "ended_at": encode_instant(child.ended_at)}
    if child.returns:
        body["returns"] = encode_cells(kind, child.returns)
    if child.disowned:
        body["disowned"] = True
    return body


def _decode_child(body: Mapping[str, Any], kind: Kind) -> Child:
    given = {**body, "opened_at": decode_instant(body["opened_at"]), "returns": decode_cells(kind, body.get("returns", {}))}
    if "ended_at" in given:
        given["ended_at"] = decode_instant(given["ended_at"])
    return Child(**given)
