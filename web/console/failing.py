"""What goes wrong on the way to a page becomes a page: what was expected, what was found, what to do. Never a traceback, never JSON."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from engine.errors import AftercareError
from engine.label import Label
from web.console.screen import Elsewhere, Screen, screen_of, shown
from web.problem import KINDS, RETRY_AFTER, STATUS_OF_ERRORS
from web.route import state_of
from web.visitor import application_of

_SYSTEM, _BUSY = 500, 503

_AGAIN = Label("请稍等几秒再试。", "Wait some seconds and try again.")
_KINDS: Mapping[int, tuple[Label, Label | None]] = {
    400: (Label("请求无法读懂。", "The request cannot be read."), Label("请回到页面重新操作。", "Go back to the page and do it again.")),
    404: (
        Label("没有这个页面。", "There is no such page."),
        Label("请从菜单进入，或用上方的查找。", "Choose from the menu, or use the search."),
    ),
    405: (Label("此处不能这样操作。", "That cannot be done here."), None),
    408: (Label("内容未在限时内传完，未执行。", "It did not arrive in time; nothing was done."), _AGAIN),
    413: (
        Label("内容太大，未执行。", "It is too large; nothing was done."),
        Label("请换较小的文件，或分几次提交。", "Take a smaller file, or send it in parts."),
    ),
    415: (
        Label("内容不是本系统的表单。", "It is no form of this system."),
        Label("请回到页面重新操作。", "Go back to the page and do it again."),
    ),
    429: (Label("操作太频繁，未执行。", "That was too often; nothing was done."), _AGAIN),
    500: (
        Label("程序内部出错，可能未执行。", "Something is wrong in the program itself; perhaps nothing was done."),
        Label("请看看是否已办成；没有就再试一次。", "Look whether it was done; if it was not, try once more."),
    ),
    503: (Label("此刻太忙，未执行。", "Too much is going on at this moment; nothing was done."), _AGAIN),
}
_OF_SYSTEM: Mapping[int, tuple[Label, Label]] = {
    503: (
        Label("服务器暂时无法处理。", "The server cannot do this now."),
        Label("请稍后再试；仍不行请告知系统管理员。", "Try again a little later; if that does not help, tell an administrator."),
    ),
    500: (
        Label("所存内容不可信。", "What is stored cannot be trusted as it stands."),
        Label("请告知系统管理员。", "Tell an administrator."),
    ),
}
_FOREIGN = (
    Label("请求不是从本系统的页面发出的，未执行。", "The request did not come from a page of this system; nothing was done."),
    Label("请回到系统页面重新操作。", "Go back to the page here and do it again."),
)


def of_error(request: Request, error: AftercareError) -> Response:
    """An error of the application as a page."""
    status = STATUS_OF_ERRORS[error.code]
    state_of(request.scope)["code"] = error.code
    if error.fault == "system":
        state_of(request.scope)["said"] = error.sentence.en
        return _failed(request, status, *_OF_SYSTEM[status])
    return _failed(request, status, error.sentence, _at_a_screen(status, error.way_out))


def of_status(request: Request, status: int, headers: Mapping[str, str] | None = None, id: str | None = None) -> Response:
    """What the server says of a request by its status alone. `id`: what its log calls a defect."""
    known = KINDS.get(status, KINDS[400])
    state_of(request.scope)["code"] = known.code
    return _failed(request, status, *_KINDS.get(status, _KINDS[400]), headers, id)


def of_place(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """That there is no such page: whoever is signed in has his menu to go on from."""
    with suppress(Elsewhere, AftercareError):
        screen_of(request)
    return of_status(request, status, headers)


def of_foreign(scope: Scope) -> Response:
    """What is said to a form that another site has sent."""
    state_of(scope)["code"] = "forbidden"
    return _failed(Request(scope), 403, *_FOREIGN)


def _at_a_screen(status: int, way_out: Label | None) -> Label | None:
    """Whoever sits before a screen is told of no command."""
    return _KINDS.get(status, _KINDS[400])[1] if way_out is not None and "“aftercare " in way_out.en else way_out


def _failed(
    request: Request,
    status: int,
    sentence: Label,
    way_out: Label | None,
    headers: Mapping[str, str] | None = None,
    id: str | None = None,
) -> Response:
    """The page that says so: within the menu for whoever is known to be signed in, unless the database may be what fails."""
    if status == _BUSY:
        headers = {"Retry-After": str(RETRY_AFTER), **(headers or {})}
    told: dict[str, Any] = {"code": status, "sentence": sentence, "way_out": way_out, "id": id}
    screen = state_of(request.scope).get("screen")
    if isinstance(screen, Screen) and status < _SYSTEM:
        return screen.page("failure.html", "", status, headers=headers, **told)
    application = application_of(request)
    now = application.time.now() if application.is_simulated else None
    return shown(request, "failure.html", status, headers, now=now, **told)
