"""The OpenAPI document against the server that serves it, by schemathesis: all of its checks and phases, in the name of one caller.

What is generated is left as it is; only values that exist are mixed in, so that not everything ends in a 404.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import HookContext
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from starlette.types import ASGIApp

from tests.web.centre import TICKET
from web.route import API

PHASES = ("examples", "coverage", "fuzzing", "stateful")
VALID = ("2xx", "3xx", "401", "403", "404", "409", "412", "422", "429")
"""What may be answered to a request of which the document says that it is well formed: never that it is malformed, 400."""
INVALID = ("400", "401", "403", "404", "405", "409", "413", "415", "422", "429")
"""And to one that is not well formed: what is too long for its schema may be too large a body, 413, before anybody looks into it."""
_OFTEN = 0.8
"""How often a value that exists stands in the place of a random one."""
_CHECKS = 2
"""Examples of what begins a process of its own each time."""
_PATIENCE = 600
"""Seconds for an answer: how quickly it comes is no matter of the contract."""
_SHOWN = 2_000
"""Characters of an example of a failure."""
OPENING: Mapping[str, object] = {"workflow": "phone-repair", "start": "receive"}

GRANTABLE: Mapping[str, st.SearchStrategy[Any]] = {
    "/cases": st.integers(10**5, 10**6 - 1).map(lambda turn: {**OPENING, "data": {**TICKET, "imei": f"001017000{turn}"}}),
    "/cases/{number}/transitions/{transition}": st.sampled_from([{}, {"data": {"difference": "缺充电器"}}]),
    "/cases/{number}/withdrawals": st.just({"step": "confirm"}),
    "/cases/{number}/assignment": st.sampled_from([{"person": "zoe"}, {"person": None}]),
    "/plans": st.sampled_from(
        [{"transition": "take", "numbers": ["WX26-000001"]}, {"assign": {"person": "zoe"}, "numbers": ["WX26-000001"]}],
    ),
}
"""What is random is rarely granted: path → bodies that may be."""

schemathesis.openapi.format("etag", st.integers(1, 4).map('"{}"'.format) | st.just("*"))


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls, and how much he tries: examples for each operation, scenarios of the stateful phase (each of a few steps)."""

    headers: Mapping[str, str]
    examples: int
    scenarios: int = 0
    phases: Sequence[str] = PHASES
    without: str | None = None
    """A pattern of paths that he leaves alone."""


@dataclass(slots=True)
class Found:
    """What came of it."""

    requests: int = 0
    answered: dict[str, Counter[int]] = field(default_factory=dict)
    """Operation → status → how often."""
    followed: Counter[str] = field(default_factory=Counter)
    """Links of the document, and how often one went along each."""
    failures: dict[str, str] = field(default_factory=dict)
    """What each is → an example of it."""

    @property
    def statuses(self) -> Counter[int]:
        """Of all operations together."""
        return sum(self.answered.values(), Counter())

    @property
    def granted(self) -> set[str]:
        """The operations that were well answered at least once."""
        return {operation for operation, statuses in self.answered.items() if any(status < 400 for status in statuses)}


def keeps_its_contract(app: ASGIApp, caller: Caller, seed: int, known: Mapping[str, Sequence[str]]) -> Found:
    """Ask whatever the document of `app` allows, and what it forbids. `known`: parameter of paths → values that exist.

    Before the name of the parameter may stand that of an operation, where it has values of its own: `fetch_file.number`.
    """
    found = Found()
    for event in from_schema(_document(app, caller, seed, known)).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            found.failures[f"{event.label}: {event.info.title}"] = event.info.message
        if isinstance(event, events.ScenarioFinished):
            _count(event.recorder, found)
            found.failures.update(_failures(event.recorder))
    return found


def _document(app: ASGIApp, caller: Caller, seed: int, known: Mapping[str, Sequence[str]]) -> Any:
    config: dict[str, Any] = {
        "seed": seed,
        "headers": dict(caller.headers),
        "continue-on-failure": True,
        "request-timeout": _PATIENCE,
        "cache": {"enabled": False},
        "suppress-health-check": ["all"],  # of hypothesis: how quickly it finds a value
        "generation": {"max-examples": caller.examples, "database": "none"},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": [*VALID]},
            "negative_data_rejection": {"expected-statuses": [*INVALID]},
        },
        "dictionaries": {name.replace(".", "_"): {"values": [*values]} for name, values in known.items()},
        "parameters": dict(_path(name) for name in known if "." not in name),
        "operations": [
            *({"include-operation-id": each, "parameters": parameters} for each, parameters in _of_operations(known).items()),
            {"include-path-regex": "definitions", "generation": {"max-examples": _CHECKS}},
        ],
        "phases": {phase: {"enabled": phase in caller.phases} for phase in PHASES},
    }
    if "stateful" in caller.phases:
        config["phases"]["stateful"]["generation"] = {"max-examples": caller.scenarios}
    document = schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, config=SchemathesisConfig.from_dict(config))
    if "Aftercare-Person" not in caller.headers:
        document.hook("before_process_path")(_without_person)
    document.hook("flatmap_body")(_likely(document.raw_schema))
    return document.exclude(path_regex=caller.without) if caller.without else document


def _of_operations(known: Mapping[str, Sequence[str]]) -> dict[str, dict[str, object]]:
    """Operation → what its own parameters get."""
    found: dict[str, dict[str, object]] = {}
    for name in (each for each in known if "." in each):
        found.setdefault(name.partition(".")[0], {}).update([_path(name)])
    return found


def _path(name: str) -> tuple[str, dict[str, object]]:
    """How a parameter of the path gets its values; the name of an operation may stand before it."""
    return f"path.{name.rpartition('.')[2]}", {"dictionary": name.replace(".", "_"), "probability": _OFTEN}


def _likely(document: Mapping[str, Any]) -> Callable[[HookContext, Any], st.SearchStrategy[Any]]:
    """What puts in the place of a body that is well formed, now and then, one that may well be granted."""
    bodies = {path: _body(document, f"{API}{path}") for path in GRANTABLE}

    def chosen(context: HookContext, body: Any) -> st.SearchStrategy[Any]:
        path = context.operation.path.removeprefix(API) if context.operation is not None else ""
        is_likely = path in GRANTABLE and bodies[path].is_valid(body)
        return st.one_of(st.just(body), GRANTABLE[path]) if is_likely else st.just(body)

    return chosen


def _body(document: Mapping[str, Any], path: str) -> Draft202012Validator:
    """Judges what is sent to a path."""
    said = next(each["requestBody"] for each in document["paths"][path].values() if "requestBody" in each)
    return Draft202012Validator({**said["content"]["application/json"]["schema"], "components": document["components"]})


def _without_person(_context: object, _path: str, methods: dict[str, Any]) -> None:
    """With a token that may act for nobody, every path would answer the same to a person who is named."""
    for operation in methods.values():
        operation["parameters"] = [each for each in operation.get("parameters", ()) if each["name"] != "Aftercare-Person"]


def _count(recorder: ScenarioRecorder, found: Found) -> None:
    for id, interaction in recorder.interactions.items():
        found.requests += 1
        case = recorder.cases.get(id)
        if case is None or interaction.response is None:
            continue
        found.answered.setdefault(case.value.operation.label, Counter())[interaction.response.status_code] += 1
        if case.transition is not None and case.is_transition_applied:
            found.followed[case.transition.id] += 1


def _failures(recorder: ScenarioRecorder) -> Iterator[tuple[str, str]]:
    for id, checks in recorder.checks.items():
        for check in checks:
            if check.status == Status.FAILURE and check.failure_info is not None:
                failure = check.failure_info.failure
                example = f"{failure.message}\n{check.failure_info.code_sample}"
                yield f"{recorder.cases[id].value.operation.label}: {failure.title}", example[:_SHOWN]
