"""What the server counts: requests by route, method and status, how long they take, what was refused. Labels are templates and codes.

One registry for each server, so that two in one process do not mix. Several processes count each for itself, and are asked one by one.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.route import OPERATORS, method_of, state_of, template_of

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter began is of use to nobody, and doubles what is read

router = APIRouter(include_in_schema=False)


class Measures:
    """What is counted, on a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._thread = ThreadPoolExecutor(1, "aftercare-metrics")
        self._requests = Counter("aftercare_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry)
        self._seconds = Histogram(
            "aftercare_request_seconds", "Time until the end of an answer.", ("route", "method"), buckets=SECONDS, registry=self.registry
        )
        self._refused = Counter(
            "aftercare_refusals", "Requests not granted, by the code of the problem.", ("code",), registry=self.registry
        )
        self._in_flight = Gauge("aftercare_requests_in_flight", "Requests being answered.", registry=self.registry)
        self._limited = Counter("aftercare_rate_limited", "Requests refused because there were too many.", registry=self.registry)
        self._nobody = Counter("aftercare_authentication_failures", "Requests without a valid token.", registry=self.registry)

    async def text(self) -> bytes:
        """All of it, in the text format of Prometheus; written by a thread of its own, however busy the others are."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, generate_latest, self.registry)

    def began(self) -> None:
        """A request has come in."""
        self._in_flight.inc()

    def ended(self, scope: Scope, status: int | None, took: float) -> None:
        """It is answered, or (`status` None) given up."""
        self._in_flight.dec()
        route, method = template_of(scope), method_of(scope)
        self._requests.labels(route, method, str(status or "none")).inc()
        self._seconds.labels(route, method).observe(took)
        code = state_of(scope).get("code")
        if code is not None:
            self._refused.labels(code).inc()
        if status == 429:
            self._limited.inc()
        if status == 401:
            self._nobody.inc()


class Measuring:
    """Counts whatever is answered inside."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it be answered, and count it."""
        if scope["type"] != "http" or scope["path"] in OPERATORS:
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), None

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._measures.began()
        try:
            await self._app(scope, receive, noted)
        finally:
            self._measures.ended(scope, status, perf_counter() - began)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Everything that is counted, in the text format of Prometheus."""
    measures: Measures = request.app.state.measures
    return Response(await measures.text(), media_type=CONTENT_TYPE_LATEST)
