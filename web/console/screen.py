"""The screen before somebody who is signed in: who he is, how far he sees, what he reads – and how a page gets onto it.

The one place in which a request of a browser becomes a caller. Every page asks for a `Screen` and gets to nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from engine.app import Application
from engine.errors import Conflict, Misuse
from engine.label import Label, Language
from engine.runtime.access import Access
from engine.runtime.accounts import Recognised
from engine.runtime.caller import Caller, Key
from engine.store.accounts import Session
from web.console.browser.afterword import Afterword, Seal
from web.console.browser.cookies import drop_said, has_keys, keep_said, language_in, said_in, session_in, theme_in
from web.console.browser.transport import is_private
from web.console.display.rendering import Renderer
from web.console.menu import menu_of
from web.storable import is_storable
from web.visitor import application_of

SIGN_IN = "/sign-in"
NEW_PASSWORD = "/account/password"
MOST_FIELDS = 2_000
"""Values in one form: the rows of a list are some hundreds."""


POLL = "Aftercare-Poll"
"""The header by which a page says that it looks for what is new by itself: nobody's session lasts longer for it."""
PERSON = "Aftercare-Person"
"""The header by which a page says for whom it was made: somebody else may have signed in beside it, in the same browser."""


class Elsewhere(Exception):
    """This page is not to be had now; `address` is where to go first."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@dataclass(frozen=True, slots=True)
class Screen:
    """Somebody who is signed in, and the application that serves him."""

    request: Request
    application: Application
    recognised: Recognised

    @property
    def caller(self) -> Caller:
        """As whom his wishes are recorded."""
        return self.recognised.caller

    @property
    def person(self) -> str:
        """Who he is, by id."""
        return self.recognised.session.person

    @property
    def name(self) -> str:
        """What sentences call him."""
        return self.application.directory.roster().names[self.person]

    @property
    def session(self) -> Session:
        """The session he is signed in with."""
        return self.recognised.session

    @property
    def access(self) -> Access:
        """How far he sees."""
        return self.recognised.access

    @property
    def language(self) -> Language:
        """What he reads."""
        return language_in(self.request, self.application.settings.language)

    def key(self, form: FormData) -> Key | None:
        """The idempotency key that came with a form: sent twice, it is done once."""
        found = form.get("key")
        return Key(f"person:{self.person}", found[:200]) if isinstance(found, str) and found else None

    def page(
        self,
        template: str,
        section: str,
        status: int = 200,
        *,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Response:
        """A page, or as much of it as the browser swaps in, with what was just done. `section`: which entry of the menu it belongs to."""
        afterword, kept = self.afterword, self._kept()
        menu = menu_of(self.application, self.access, self.request.app.state.alarms)
        known = {"who": self.person, "name": self.name, "menu": menu, "administers": self.access.administers(None)}
        told = afterword or kept
        words = {"said": told.said, "beside": told.beside} if told is not None else {"said": None, "beside": ()}
        answer = shown(self.request, template, status, headers, section=section, **words, **known, **values)
        if kept is not None:
            drop_said(self.request, answer)
        return answer

    @property
    def afterword(self) -> Afterword | None:
        """What was done by this very request."""
        found: Afterword | None = getattr(self.request.state, "afterword", None)
        return found

    def say(self, said: Label, beside: Sequence[Label] = ()) -> None:
        """The page that answers says what was done, and what went wrong or stands still because of it."""
        self.request.state.afterword = Afterword(said, tuple(beside))

    def then(self, address: str, show: Callable[[], Response], said: Label | None = None, beside: Sequence[Label] = ()) -> Response:
        """What follows once something was done: the page at this address – at once where it is swapped in: one request an action.

        It says what was done, whichever way it comes.
        """
        if said is not None:
            self.say(said, beside)
        if not swaps(self.request):
            answer: Response = RedirectResponse(address, 303)
            if self.afterword is not None:
                self.leave(answer, address, self.afterword, self.session.id)
            return answer
        answer = show()
        answer.headers["HX-Push-Url"] = _in_header(address)
        return answer

    def leave(self, answer: Response, address: str, afterword: Afterword, session: str) -> None:
        """The page at this address says it, once it comes, in this session."""
        keep_said(self.request, answer, self._seal(session).closed(afterword, address, self.language))

    def _seal(self, session: str) -> Seal:
        return Seal(self.application.database.purpose.claim_key, session)

    def _kept(self) -> Afterword | None:
        """What the request before this one has left for this page."""
        kept = said_in(self.request) if self.request.method == "GET" and POLL not in self.request.headers else None
        return self._seal(self.session.id).opened(kept, self.request.scope["path"]) if kept is not None else None


def recognised_in(request: Request) -> Recognised | None:
    """Whoever is signed in on this browser; nobody where somebody between could have read along."""
    secret = session_in(request) if is_private(request) else None
    return application_of(request).accounts.recognise(secret, is_use=POLL not in request.headers) if secret else None


def screen_of(request: Request) -> Screen:
    """Whose screen it is. Raises Elsewhere for whoever has to sign in first, or to choose a password; Conflict as `_require_same`."""
    recognised = recognised_in(request)
    if recognised is None:
        raise Elsewhere(f"{SIGN_IN}?next={quote(_wanted(request), safe='/')}")
    _require_same(request, recognised)
    request.state.principal = recognised.caller.provenance.principal
    if recognised.must_change and request.url.path != NEW_PASSWORD:
        raise Elsewhere(NEW_PASSWORD)
    screen = request.state.screen = Screen(request, application_of(request), recognised)
    return screen


async def form_of(request: Request) -> AsyncIterator[FormData]:
    """What was filled in, with its files until the answer is made. Raises Misuse for a text that no database keeps."""
    try:
        form = await request.form(max_fields=MOST_FIELDS, max_files=MOST_FIELDS)
    except UnicodeError as error:  # it is said to be written in what cannot be read
        raise HTTPException(400) from error
    try:
        for name, value in form.multi_items():
            if not is_storable(name) or not is_storable(value if isinstance(value, str) else value.filename or ""):
                raise Misuse(Label("表单中有无法保存的字符。", "The form holds a character that no database keeps."))
        yield form
    finally:
        await form.close()


Showing = Annotated[Screen, Depends(screen_of)]
"""What a page asks for."""
Filled = Annotated[FormData, Depends(form_of)]
"""What a page asks for that a form is sent to."""


def shown(request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> HTMLResponse:
    """A template as an answer, kept by nobody. Whoever is not signed in gets it without a menu.

    `values` with a `now` ask no database for it: what is said of one that does not answer must not.
    """
    application = application_of(request)
    renderer: Renderer = request.app.state.renderer
    language = language_in(request, application.settings.language)
    known: dict[str, Any] = {
        "is_part": swaps(request),
        "theme": theme_in(request),
        "has_keys": has_keys(request),
        "is_simulated": application.is_simulated,
        "name": None,
        "who": None,
        "menu": None,
        "section": None,
        "said": None,
        "beside": (),
    }
    if "now" not in values:
        known["now"] = application.time.now()
    html = renderer.render(template, language, {**known, **values})
    stays = {"HX-Push-Url": "false"} if request.method != "GET" else {}  # where a form is sent to is no page to come back to
    return HTMLResponse(html, status, {"Cache-Control": "no-store", "Vary": "HX-Request", **stays, **(headers or {})})


def swaps(request: Request) -> bool:
    """Whether the browser swaps the answer into the page that it has, rather than showing it as a new one."""
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def gone(request: Request, address: str) -> Response:
    """Go there, as a new page."""
    return Response(status_code=204, headers={"HX-Redirect": _in_header(address)}) if swaps(request) else RedirectResponse(address, 303)


def _require_same(request: Request, recognised: Recognised) -> None:
    """Nobody does what another has filled in: where somebody else has signed in since, nothing is done, and links lead to his own pages.

    Raises Elsewhere, Conflict.
    """
    person = recognised.session.person
    if not swaps(request) or request.headers.get(PERSON, person) == person:
        return
    if request.method == "GET":
        raise Elsewhere("/")
    raise Conflict(
        Label("这个浏览器现在登录的是{name}，未执行。", "{name} is signed in in this browser now; nothing was done.").fill(
            name=application_of(request).directory.roster().names[person]
        ),
        Label("请重新登录后再提交，或刷新页面。", "Sign in again and send it once more, or load the page anew."),
    )


def _in_header(address: str) -> str:
    """An address as a header holds it, and nothing but it: whatever came along in a form cannot end the line."""
    return quote(address, safe=":/%#?=@[]!$&'()*+,;")


def _wanted(request: Request) -> str:
    """Where he wanted to go, to be led back there: the page that he has open, if this is a part of it. What he sent is not sent again."""
    if swaps(request):
        try:
            here = urlsplit(request.headers.get("hx-current-url", ""))
        except ValueError:
            return "/"
        return f"{here.path or '/'}?{here.query}" if here.query else here.path or "/"
    if request.method != "GET":
        return "/"
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
