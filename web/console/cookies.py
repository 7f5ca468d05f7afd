"""What a browser keeps for us: the secret of its session, the language that is read on it, how bright it is, whether keys do something.

Over HTTPS the session's cookie is bound to this very host (`__Host-`, Secure); without encryption such a cookie would not be kept, so it
has another name there, which is not looked at over HTTPS. Whether a session may begin without encryption is not decided here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from engine.label import Language
from engine.runtime.accounts import LONGEST
from web.problem import LANGUAGES

Theme = Literal["light", "dark", "auto"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")
_SESSION, _SESSION_UNENCRYPTED = "__Host-aftercare-session", "aftercare-session"
_LANGUAGE, _THEME, _KEYS = "aftercare-language", "aftercare-theme", "aftercare-keys"
_ON, _OFF = "on", "off"
_A_YEAR = timedelta(days=365)


def session_in(request: Request) -> str | None:
    """What the browser shows."""
    return request.cookies.get(_SESSION if is_encrypted(request) else _SESSION_UNENCRYPTED)


def keep_session(request: Request, response: Response, secret: str) -> None:
    """From now on the browser shows this."""
    encrypted = is_encrypted(request)
    name = _SESSION if encrypted else _SESSION_UNENCRYPTED
    response.set_cookie(name, secret, int(LONGEST.total_seconds()), path="/", secure=encrypted, httponly=True, samesite="lax")


def drop_session(request: Request, response: Response) -> None:
    """It shows nothing any more."""
    encrypted = is_encrypted(request)
    response.delete_cookie(_SESSION if encrypted else _SESSION_UNENCRYPTED, path="/", secure=encrypted, httponly=True, samesite="lax")


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
