"""Strictness: a request that says something nobody would hear is refused, in its body and in its query alike.

A misspelt `dry_run` must not become a move.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict, JsonValue

from engine.errors import Misuse, did_you_mean
from engine.label import Label

Data = Annotated[
    dict[str, object],
    Field(description="A form: field by id → value, as text or as what JSON has for it.", examples=[{"fault": "charging"}]),
]
Reason = Annotated[str | None, Field(description="Why; some steps ask for it.")]


class Body(BaseModel):
    """What a body may hold, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)


def shown(*examples: JsonDict, **more: JsonValue) -> ConfigDict:
    """What the document shows of a body: whole examples, without null; `more`: what JSON Schema says of it and its members do not."""
    return ConfigDict(json_schema_extra={"examples": [*examples], **more})


async def only_known_parameters(request: Request) -> None:
    """Raises Misuse for a parameter of the query that the path does not know, one that comes twice, and one that nothing can be called."""
    if not request.query_params:
        return
    route = request.scope.get("route")
    known = [*_known(route.dependant)] if isinstance(route, APIRoute) else []
    given = [name for name, _ in request.query_params.multi_items()]
    if any("\0" in value for _, value in request.query_params.multi_items()):
        raise Misuse(
            Label("查询参数中有数据库无法保存的字符 U+0000。", "A query parameter holds a character that no database keeps: U+0000.")
        )
    for name in given:
        if name not in known:
            sentence = Label("没有查询参数“{name}”。", "There is no query parameter “{name}”.")
            raise Misuse(sentence.fill(name=name[:80]), did_you_mean(name, known))
        if given.count(name) > 1:
            raise Misuse(Label("查询参数“{name}”出现了两次。", "The query parameter “{name}” stands there twice.").fill(name=name[:80]))


def _known(dependant: Dependant) -> Iterator[str]:
    yield from (each.alias for each in dependant.query_params)
    for below in dependant.dependencies:
        yield from _known(below)
