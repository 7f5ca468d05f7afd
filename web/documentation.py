"""The OpenAPI document: what a path answers and what may go wrong, declared where the path is, put together here.

Knows no path. Problems have a media type of their own, which the framework cannot declare by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from web.problem import MEDIA, ProblemObject
from web.storable import declare_storable

Answers = dict[int | str, dict[str, Any]]
Links = Mapping[str, Mapping[str, str]]
"""The name of another path → each parameter of it → where in the answer its value stands, as a JSON pointer."""

DESCRIPTION = """\
After-sales cases: opened, moved, looked up and told of by other programs.

A request carries a token (`Authorization: Bearer TOKEN`), which acts as its holder or, if it may, as a person whom the header
`Aftercare-Person` names. What the one who acts may not see is not found. Every text is told in both languages; the `detail` of a problem
in that of `Accept-Language`, `zh` or `en`; without it in Chinese.
"""

TAGS: tuple[dict[str, str], ...] = (
    {"name": "cases", "description": "Cases: opened, read, moved, looked for."},
    {"name": "workflows", "description": "What is published: fields, states, steps."},
    {"name": "people", "description": "People, services, units, roles; who is calling."},
    {"name": "plans", "description": "One step for many cases, as a plan."},
    {"name": "files", "description": "Files: kept, and fetched from the cases that hold them."},
    {"name": "outbox", "description": "Messages, and what became of each."},
    {"name": "incidents", "description": "What a person must look at."},
    {"name": "events", "description": "What happens outside: taken in from its sources, and what is in quarantine."},
    {"name": "definitions", "description": "Definitions, checked and published."},
)

EVERYWHERE = (400, 401, 403, 429, 503)
"""What may go wrong with every request: malformed, by nobody known, beyond its token, one too many, at a bad moment."""

_MEANINGS: Mapping[int, str] = {
    304: "Nothing has changed since the answer with this `ETag`.",
    400: "The request is malformed.",
    401: "No token, or one that is good for nothing.",
    403: "It is known who is calling, and that he may not do this.",
    404: "There is no such thing for this caller.",
    409: "It contradicts what is recorded, or how the case stands.",
    412: "The case has changed since: read it again.",
    413: "The body is too large.",
    415: "The body is not said to be JSON.",
    422: "What was filled in cannot be taken, or the key was used for another wish.",
    429: "Too many requests: wait as long as `Retry-After` says.",
    503: "It cannot be served now, and nothing was changed: wait as long as `Retry-After` says.",
}
_SCHEMAS = "#/components/schemas/"
_OWN_422 = ("HTTPValidationError", "ValidationError")


def operation_id(route: APIRoute) -> str:
    """What clients made from the document call the path, and links name it by: the name of its function, of which there is one."""
    return route.name


def answers(model: Any, *problems: int, status: int = 200, links: Links | None = None) -> Answers:
    """What a path answers when all is well – an object of this type – and which problems it knows besides those of every path.

    `links`: where one may go from that answer.
    """
    good: dict[str, Any] = {"model": model, "description": _told_by(model)}
    if links:
        good["links"] = {each: _link(each, found) for each, found in links.items()}
    return {status: good, **{each: _problem(each) for each in sorted({*EVERYWHERE, *problems})}}


def unchanged() -> Answers:
    """That a path may also answer that the caller has everything already."""
    return {304: {"description": _MEANINGS[304]}}


class Documented(FastAPI):
    """An application that documents its problems."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            problem = TypeAdapter(ProblemObject).json_schema(mode="serialization", ref_template=f"{_SCHEMAS}{{model}}")
            schemas.update(problem.pop("$defs", {}))
            schemas[ProblemObject.__name__] = problem
            for path in document["paths"].values():
                for operation in path.values():
                    operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
                    _without_own_422(operation["responses"])
                    for parameter in operation.get("parameters", ()):
                        _without_null(parameter["schema"])
            for name in _OWN_422:
                schemas.pop(name, None)
            declare_storable(document)
        assert self.openapi_schema is not None
        return self.openapi_schema


def _told_by(model: Any) -> str:
    """What the answer is; where it may be one of several, what each of them is."""
    kinds = get_args(model) if isinstance(model, UnionType) else (model,)
    told = ["What was asked for." if each is None or not each.__doc__ else each.__doc__.strip().splitlines()[0] for each in kinds]
    return " Or: ".join(told)


def _problem(status: int) -> dict[str, Any]:
    return {"description": _MEANINGS[status], "content": {MEDIA: {"schema": {"$ref": f"{_SCHEMAS}{ProblemObject.__name__}"}}}}


def _link(operation: str, found: Mapping[str, str]) -> dict[str, Any]:
    return {"operationId": operation, "parameters": {name: f"$response.body#{pointer}" for name, pointer in found.items()}}


def _without_null(schema: dict[str, Any]) -> None:
    """A parameter that may be missing is never null: there is no way to write it."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema |= kinds[0] | schema


def _without_own_422(responses: dict[str, Any]) -> None:
    """The framework documents an answer of its own to malformed requests, which is never given."""
    schema = responses.get("422", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if schema.get("$ref") == f"{_SCHEMAS}{_OWN_422[0]}":
        del responses["422"]
