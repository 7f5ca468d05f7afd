"""My account: the password, where I am signed in, and what this browser is to look like."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from engine.errors import AftercareError, Misuse, Unauthenticated
from engine.label import Label
from engine.runtime.accounts import Throttled
from engine.runtime.strength import LONGEST, SHORTEST
from engine.store.accounts import Session
from web.console.browser.afterword import Afterword
from web.console.browser.cookies import keep_session, kept_in
from web.console.browser.device import in_words
from web.console.screen import NEW_PASSWORD, Filled, Screen, Showing, gone, shown
from web.route import state_of

PATH = "/account"
_MARK = 16
"""Characters of a session's id by which a form names it."""
_OTHERS = "others"
_UNPROCESSABLE = 422

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def account(screen: Showing) -> Response:
    """All of it."""
    return _account(screen)


@router.post(f"{PATH}/sessions")
def end(screen: Showing, form: Filled) -> Response:
    """End one of my sessions, or all others."""
    accounts, wanted = screen.application.accounts, form.get("end")
    if wanted == _OTHERS:
        ended = accounts.end(screen.person, besides=screen.session.id)
    else:
        found = [each for each in accounts.sessions(screen.person) if _mark(each) == wanted and each != screen.session]
        ended = sum(accounts.end(screen.person, only=each.id) for each in found)
    said = Label("已退出 {n} 处登录。", "Signed out at {n}.").fill(n=ended) if ended else None
    return screen.then(PATH, lambda: _account(screen), said)


@router.get(NEW_PASSWORD)
def ask(screen: Showing) -> Response:
    """The form for another password."""
    return _password(screen)


@router.post(NEW_PASSWORD)
def change(screen: Showing, form: Filled) -> Response:
    """Choose another password; all other sessions end."""
    old, new, again = (str(form.get(each) or "") for each in ("old", "new", "again"))
    if new != again:
        return _password(screen, again=_DIFFERENT)
    try:
        signed_in = screen.application.accounts.change(screen.session, old, new, kept_in(screen.request))
    except Unauthenticated as error:
        state_of(screen.request.scope)["code"] = "too_many" if isinstance(error, Throttled) else error.code
        return _password(screen, old=error)
    except Misuse as error:
        state_of(screen.request.scope)["code"] = error.code
        return _password(screen, new=error)
    answer = gone(screen.request, "/" if screen.recognised.must_change else PATH)
    keep_session(screen.request, answer, signed_in)
    screen.leave(answer, PATH, _CHANGED, signed_in.session.id)
    return answer


def _account(screen: Screen) -> Response:
    known = screen.application.accounts.sessions(screen.person)
    mine = sorted(known, key=lambda each: each.id != screen.session.id)  # this one first, the others the newest first
    told = [(_mark(each), in_words(each.device), each, each.id == screen.session.id) for each in mine]
    return screen.page("account.html", "account", person=screen.person, sessions=told)


def _password(
    screen: Screen, *, old: AftercareError | None = None, new: AftercareError | None = None, again: AftercareError | None = None
) -> Response:
    faults = {"old": old, "new": new, "again": again}
    wrong = next((name for name, fault in faults.items() if fault is not None), None)
    status = 200 if wrong is None else _UNPROCESSABLE
    known: dict[str, Any] = {"faults": faults, "wrong": wrong, "account": screen.person, "shortest": SHORTEST, "longest": LONGEST}
    if screen.recognised.must_change:
        return shown(screen.request, "password.html", status, is_first=True, **known)  # without a menu that leads nowhere yet
    return screen.page("password.html", "account", status, is_first=False, **known)


def _mark(session: Session) -> str:
    return session.id[:_MARK]


_CHANGED = Afterword(Label("密码已修改，其他设备上的登录已结束。", "The password is changed; you are signed out everywhere else."))
_DIFFERENT = Misuse(
    Label("两次输入的新密码不同。", "The new password was not the same twice."), Label("请两次输入同一个密码。", "Type the same one twice.")
)
