"""Signing in and out, and what may be chosen without it: the language, how bright it is, whether keys do something."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from engine.errors import AftercareError, Unauthenticated
from engine.runtime.accounts import Attempt, Throttled
from web.console.browser.cookies import drop_session, keep_choice, keep_session, kept_in
from web.console.browser.device import device_of
from web.console.browser.transport import is_private
from web.console.screen import SIGN_IN, Filled, gone, recognised_in, shown
from web.gate import address_of
from web.route import state_of
from web.visitor import application_of

router = APIRouter(include_in_schema=False)


@router.get(SIGN_IN)
def ask(request: Request, next: str = "/") -> Response:
    """The form, for whoever is not signed in."""
    if recognised_in(request) is not None:
        return gone(request, _within(next))
    return _form(request, wanted=_within(next))


@router.post(SIGN_IN)
def sign_in(request: Request, form: Filled) -> Response:
    """Begin a session, in the place of any that this browser has."""
    if not is_private(request):
        return _form(request)
    person, password, wanted = (str(form.get(each) or "") for each in ("person", "password", "next"))
    accounts, before = application_of(request).accounts, recognised_in(request)
    attempt = Attempt(person, password, address_of(request), device_of(request.headers.get("user-agent", "")), kept_in(request))
    try:
        signed_in = accounts.sign_in(attempt)
    except Unauthenticated as error:
        state_of(request.scope)["code"] = "too_many" if isinstance(error, Throttled) else error.code
        return _form(request, 401, _within(wanted), error, person)
    if before is not None:
        accounts.sign_out(before.session)
    request.state.principal = f"person:{signed_in.session.person}"
    answer = gone(request, _within(wanted))
    keep_session(request, answer, signed_in)
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session."""
    recognised = recognised_in(request)
    if recognised is not None:
        application_of(request).accounts.sign_out(recognised.session)
    answer = gone(request, SIGN_IN)
    drop_session(request, answer)
    return answer


@router.post("/choice")
def choose(request: Request, form: Filled) -> Response:
    """Another language, another brightness, keys or none; back to the same page."""
    answer = gone(request, _within(str(form.get("back") or "/")))
    keep_choice(request, answer, language=_one(form, "language"), theme=_one(form, "theme"), keys=_one(form, "keys"))
    return answer


def _form(request: Request, status: int = 200, wanted: str = "/", error: AftercareError | None = None, person: str = "") -> Response:
    """The form – or, where somebody between could read along, why there is none."""
    if not is_private(request):
        return shown(request, "unencrypted.html", 403)
    return shown(request, "sign_in.html", status, next=wanted, error=error, person=person, who="")


def _one(form: Filled, name: str) -> str | None:
    found = form.get(name)
    return found if isinstance(found, str) else None


def _within(address: str) -> str:
    """An address of ours, whatever was asked for: nobody is led to another site.

    >>> _within("/cases/WX26-000001?x=1"), _within("//evil.example"), _within("/\\\\evil.example"), _within("https://evil.example")
    ('/cases/WX26-000001?x=1', '/', '/', '/')
    """
    is_ours = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if is_ours else "/"
