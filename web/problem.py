"""Problems: what went wrong as problem details (RFC 9457), with the codes and sentences of every other door.

One table says which code has which status (DESIGN §5). Knows kinds of errors, no path.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NotRequired

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import Field
from typing_extensions import TypedDict

from engine.core.decision import ReasonCode, Refused
from engine.errors import AftercareError
from engine.label import Label, Language, joined
from engine.representation.checked import DiagnosticObject
from engine.representation.label import LabelObject, of_label, of_optional
from engine.representation.step import CheckObject, ReasonObject, WhoObject
from engine.representation.step import of_refusal as of_refused
from engine.runtime.standing import Who
from web.route import state_of

MEDIA = "application/problem+json"

STATUS_OF_ERRORS: Mapping[str, int] = {
    "unknown": 404,
    "misuse": 400,
    "conflict": 409,
    "key_reused": 422,
    "version_taken": 409,
    "unpublished": 409,
    "unauthenticated": 401,
    "forbidden": 403,
    "unavailable": 503,
    "damaged": 500,
}

STATUS_OF_REASONS: Mapping[ReasonCode, int] = {
    "not_authorised": 403,
    "separation_of_duties": 403,
    "approval_repeated": 403,
    "stale": 412,
    "not_available": 409,
    "guard_unmet": 409,
    "no_single_choice": 409,
    "duplicate": 409,
    "child_refused": 409,
    "child_open": 409,
    "not_undoable": 409,
    "not_assignable": 409,
    "unmatched": 409,
    "ambiguous": 409,
    "data_invalid": 422,
}
"""In order of rank: of several reasons, the first of these gives the status."""

LANGUAGES: tuple[Language, ...] = ("zh", "en")

RETRY_AFTER = 5
"""Seconds after which it is worth trying again what could not be served."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A problem of the request itself, which the application never came to see – or of the program."""

    code: str
    sentence: Label
    way_out: Label | None = None


KINDS: Mapping[int, Kind] = {
    400: Kind("misuse", Label("请求格式不对。", "The request is malformed.")),
    404: Kind(
        "unknown",
        Label("没有这个路径。", "There is no such path."),
        Label("全部路径见 /api/v1/openapi.json。", "All paths stand in /api/v1/openapi.json."),
    ),
    405: Kind(
        "method_not_allowed",
        Label("这个路径不支持此方法。", "This path knows no such method."),
        Label("可用的方法见响应头 Allow。", "The header “Allow” of this answer says which it knows."),
    ),
    408: Kind("too_slow", Label("请求正文未在限时内传完。", "The body of the request did not arrive in time.")),
    413: Kind("too_large", Label("请求正文过大。", "The body of the request is too large.")),
    414: Kind("too_large", Label("请求地址过长。", "The address of the request is too long.")),
    415: Kind(
        "unsupported_media",
        Label("请求正文应为 JSON。", "Expected the body of the request to be JSON."),
        Label("请写请求头 Content-Type: application/json。", "Say so with “Content-Type: application/json”."),
    ),
    429: Kind(
        "too_many",
        Label("请求过于频繁。", "There are too many requests."),
        Label("请等响应头 Retry-After 所说的秒数后再试。", "Wait as many seconds as the header “Retry-After” says."),
    ),
    431: Kind("too_large", Label("请求头过大。", "The headers of the request are too large.")),
    500: Kind(
        "defect",
        Label("程序内部出错。", "Something is wrong in the program itself."),
        Label("这是程序的缺陷，请把 id 报告给维护者。", "This is a defect: please report the id."),
    ),
    503: Kind(
        "unavailable",
        Label("此刻同时处理的请求已满。", "As many requests as possible are being served already."),
        Label("请稍后用同一个键重试。", "Try again a little later, with the same key."),
    ),
}
"""By status: what the server says of itself."""

OF_SYSTEM: Mapping[int, Kind] = {
    503: Kind(
        "unavailable",
        Label("服务器暂时无法处理。", "The server cannot do this now."),
        Label(
            "请稍后用同一个键重试；仍不行请告知系统管理员。",
            "Try again a little later, with the same key; if that does not help, tell whoever looks after the server.",
        ),
    ),
    500: Kind(
        "damaged",
        Label("所存内容不可信。", "What is stored cannot be trusted as it stands."),
        Label("请告知系统管理员。", "Tell whoever looks after the server."),
    ),
}
"""What is said of failures of the system. The log has the whole: where the database lies is nobody's business."""

UNSOUND = Kind(
    "unsound",
    Label("流程有错误，未发布。", "The definitions have mistakes; nothing was published."),
    Label("请按 diagnostics 逐一改正。", "Mend what “diagnostics” lists."),
)
"""Of what was to be published."""


class FaultObject(TypedDict):
    """Something in the request that is not as it must be."""

    place: Annotated[str, Field(description="Where: a path into the body, or a parameter.", examples=["/body/data"])]
    sentence: LabelObject


class ProblemObject(TypedDict):
    """What went wrong (RFC 9457)."""

    type: Annotated[str, Field(examples=["urn:aftercare:problem:not_authorised"])]
    title: str
    status: int
    detail: Annotated[str, Field(description="The sentence, in the language of `Accept-Language`.")]
    code: Annotated[str, Field(description="Stable; what a program may decide on.", examples=["not_authorised"])]
    sentence: LabelObject
    way_out: LabelObject | None
    faults: NotRequired[Annotated[list[FaultObject], Field(description="Of a malformed request: each fault and its place.")]]
    reasons: NotRequired[Annotated[list[ReasonObject], Field(description="Of a refused wish: every reason.")]]
    checks: NotRequired[Annotated[list[CheckObject], Field(description="Of a refused wish: all that was asked, what holds included.")]]
    who_can: NotRequired[Annotated[list[WhoObject] | None, Field(description="Who can, where it is this person who may not.")]]
    revision: NotRequired[Annotated[int | None, Field(description="The one that the case has now; also the `ETag`.")]]
    diagnostics: NotRequired[Annotated[list[DiagnosticObject], Field(description="Of definitions with mistakes: each, and its place.")]]
    id: NotRequired[Annotated[str, Field(description="Of a defect: what the log of the server calls it.")]]


def language_of(request: Request) -> Language:
    """The language that the caller wants to read; without a word of it, that of the settings."""
    app = request.scope.get("app")  # none where a middleware stands before something else
    usual: Language = app.state.application.settings.language if app is not None else LANGUAGES[0]
    return wanted(request.headers.get("accept-language", ""), usual)


def wanted(accepted: str, usual: Language) -> Language:
    """The first language of an `Accept-Language` that is spoken here, else the usual one.

    >>> wanted("de, en-GB;q=0.8, zh", "zh"), wanted("", "en")
    ('en', 'en')
    """
    named = [each.split(";")[0].strip().lower()[:2] for each in accepted.split(",")]
    return next((language for each in named for language in LANGUAGES if language == each), usual)


def status_of(codes: Collection[str]) -> int | None:
    """The status of the first of these by rank; None where no reason has such a code.

    >>> status_of({"data_invalid", "stale"}), status_of(())
    (412, None)
    """
    return next((status for code, status in STATUS_OF_REASONS.items() if code in codes), None)


def in_full(error: AftercareError) -> Label:
    """What went wrong, and the way out of it."""
    if error.way_out is None:
        return error.sentence
    return Label("{sentence}{way_out}", "{sentence} {way_out}").fill(sentence=error.sentence, way_out=error.way_out)


def problem(
    request: Request,
    code: str,
    status: int,
    sentence: Label,
    way_out: Label | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """The answer that says so. `more`: what else the caller may act on."""
    said = {
        "type": f"urn:aftercare:problem:{code}",
        "title": code,
        "status": status,
        "detail": sentence.within(language_of(request)),
        "code": code,
        "sentence": of_label(sentence),
        "way_out": of_optional(way_out),
        **more,
    }
    state_of(request.scope)["code"] = code  # the log and the metrics tell it
    own = {"Cache-Control": "no-store"} | ({"Retry-After": str(RETRY_AFTER)} if status == 503 else {})
    own |= {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(said, status, {**own, **(headers or {})}, media_type=MEDIA)


def of_status(request: Request, status: int, headers: Mapping[str, str] | None = None, **more: Any) -> JSONResponse:
    """What the server says of a request by its status alone."""
    kind = KINDS.get(status, KINDS[400])
    return problem(request, kind.code, status, kind.sentence, kind.way_out, headers, **more)


def of_error(request: Request, error: AftercareError) -> JSONResponse:
    """An error of the application."""
    status = STATUS_OF_ERRORS[error.code]
    if error.fault == "system":
        state_of(request.scope)["said"] = error.sentence.en
        kind = OF_SYSTEM[status]
        return problem(request, error.code, status, kind.sentence, kind.way_out)
    return problem(request, error.code, status, error.sentence, error.way_out)


def of_refusal(request: Request, refused: Refused, who: Sequence[Who] | None, revision: int | None) -> JSONResponse:
    """A wish that was refused, with every reason. `revision`: the one that the case has, where there is a case."""
    codes = {reason.code for reason in refused.reasons}
    code = next(each for each in STATUS_OF_REASONS if each in codes)
    told = of_refused(refused, who)
    return problem(
        request,
        code,
        STATUS_OF_REASONS[code],
        joined((reason.sentence for reason in refused.reasons), Label("；", "; ")),
        None,
        {"ETag": f'"{revision}"'} if revision is not None else None,
        reasons=told["reasons"],
        checks=told["checks"],
        who_can=told["who_can"],
        revision=revision,
    )
