"""What a browser keeps for us: the secret of its session, by what it is known again, the language that is read on it, how bright it is,
whether keys do something.

Over HTTPS the first two are bound to this very host (`__Host-`, Secure); without encryption such cookies would not be kept, so they have
other names there, which are not looked at over HTTPS. Whether a session may begin without encryption is not decided here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from engine.label import Language
from engine.runtime.accounts import KNOWN, LONGEST, SHARED, SignedIn
from web.problem import LANGUAGES
from web.route import state_of

Theme = Literal["light", "dark", "auto"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")
_SESSION, _SESSION_UNENCRYPTED = "__Host-aftercare-session", "aftercare-session"
_KNOWN, _KNOWN_UNENCRYPTED = "__Host-aftercare-known", "aftercare-known"
_SAID, _SAID_UNENCRYPTED = "__Host-aftercare-said", "aftercare-said"
_BETWEEN = "."
_LANGUAGE, _THEME, _KEYS = "aftercare-language", "aftercare-theme", "aftercare-keys"
_ON, _OFF = "on", "off"
_A_YEAR = timedelta(days=365)
_A_MINUTE = timedelta(minutes=1)


def session_in(request: Request) -> str | None:
    """What the browser shows."""
    return request.cookies.get(_SESSION if is_encrypted(request) else _SESSION_UNENCRYPTED)


def kept_in(request: Request) -> tuple[str, ...]:
    """What it keeps of those who have signed in there before, as far as it is looked at."""
    return tuple(each for each in _kept(request).split(_BETWEEN, SHARED)[:SHARED] if each)


def shown_in(request: Request) -> str | None:
    """By what a browser is remembered that has been let in: its session, else what it keeps of those before."""
    return session_in(request) or _kept(request) or None


def keep_session(request: Request, response: Response, signed_in: SignedIn) -> None:
    """From now on the browser shows this."""
    encrypted, kept = is_encrypted(request), _BETWEEN.join(signed_in.kept)
    name = _SESSION if encrypted else _SESSION_UNENCRYPTED
    response.set_cookie(name, signed_in.secret, int(LONGEST.total_seconds()), path="/", secure=encrypted, httponly=True, samesite="lax")
    name = _KNOWN if encrypted else _KNOWN_UNENCRYPTED
    response.set_cookie(name, kept, int(KNOWN.total_seconds()), path="/", secure=encrypted, httponly=True, samesite="strict")
    state_of(request.scope)["kept"] = kept


def drop_session(request: Request, response: Response) -> None:
    """It shows nothing any more."""
    encrypted = is_encrypted(request)
    response.delete_cookie(_SESSION if encrypted else _SESSION_UNENCRYPTED, path="/", secure=encrypted, httponly=True, samesite="lax")


def said_in(request: Request) -> str | None:
    """What the next page is to say, as it was kept."""
    return request.cookies.get(_SAID if is_encrypted(request) else _SAID_UNENCRYPTED)


def keep_said(request: Request, response: Response, said: str) -> None:
    """The next page says this, if it comes soon."""
    encrypted, age = is_encrypted(request), int(_A_MINUTE.total_seconds())
    response.set_cookie(_SAID if encrypted else _SAID_UNENCRYPTED, said, age, path="/", secure=encrypted, httponly=True, samesite="lax")


def drop_said(request: Request, response: Response) -> None:
    """It was said."""
    encrypted = is_encrypted(request)
    response.delete_cookie(_SAID if encrypted else _SAID_UNENCRYPTED, path="/", secure=encrypted, httponly=True, samesite="lax")


def is_encrypted(request: Request) -> bool:
    """Whether nobody between reads along."""
    return request.url.scheme == "https"


def language_in(request: Request, usual: Language) -> Language:
    """The language that was chosen on this browser, else the usual one."""
    kept = request.cookies.get(_LANGUAGE)
    return next((each for each in LANGUAGES if each == kept), usual)


def theme_in(request: Request) -> Theme:
    """How bright it was chosen to be."""
    kept = request.cookies.get(_THEME)
    return next((each for each in THEMES if each == kept), "auto")


def has_keys(request: Request) -> bool:
    """Whether single letters do something: whoever dictates, or leans on the keyboard, turns them off."""
    return request.cookies.get(_KEYS) != _OFF


def keep_choice(
    request: Request, response: Response, *, language: str | None = None, theme: str | None = None, keys: str | None = None
) -> None:
    """Remember what was chosen, where it is something that can be."""
    for name, value, known in ((_LANGUAGE, language, LANGUAGES), (_THEME, theme, THEMES), (_KEYS, keys, (_ON, _OFF))):
        if value in known and value is not None:
            age = int(_A_YEAR.total_seconds())
            response.set_cookie(name, value, age, path="/", secure=is_encrypted(request), httponly=True, samesite="lax")


def _kept(request: Request) -> str:
    return request.cookies.get(_KNOWN if is_encrypted(request) else _KNOWN_UNENCRYPTED, "")
