"""What was just done, as the page that follows says it, once: the same words whether that page is swapped in or comes by a redirect.

Between an answer that redirects and the page that it leads to, the words lie in the browser: signed, for this session and that address,
so that nobody else puts words there. Knows no page and no case.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from engine.label import Label, Language, verbatim

_MOST = 2_700
"""Bytes of all that is said: a cookie holds 4 kB, and text takes a third more in it."""
_BETWEEN = "\0"


@dataclass(frozen=True, slots=True)
class Afterword:
    """What was done, and what stands still or went wrong because of it, a line each."""

    said: Label
    beside: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """By what it is known that we have written the words: a secret of the installation, and whose session it is."""

    key: bytes
    session: str

    def closed(self, afterword: Afterword, address: str, language: Language) -> str:
        """The words for the page at this address, as a cookie holds them."""
        texts = (each.within(language) for each in (afterword.said, *afterword.beside))
        written = urlsafe_b64encode(_BETWEEN.join(_fitting(texts)).encode()).decode()
        return f"{written}.{self._mark(written, unquote(urlsplit(address).path))}"

    def opened(self, kept: str, path: str) -> Afterword | None:
        """The words again; None where they are not for this session and the page at this path, or none of ours."""
        written, _, mark = kept.partition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(written, path).encode()):
            return None
        said, *beside = urlsafe_b64decode(written).decode().split(_BETWEEN)
        return Afterword(verbatim(said), tuple(map(verbatim, beside)))

    def _mark(self, written: str, path: str) -> str:
        said = "\0".join(("what was done", self.session, path, written))
        return hmac.new(self.key, said.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _fitting(texts: Iterable[str]) -> Iterator[str]:
    """As much of them as a cookie holds, from the first on."""
    left = _MOST
    for text in texts:
        held = text.encode()[:left].decode(errors="ignore")
        if held != text:
            yield f"{held}…"
            return
        yield text
        left -= len(held.encode())
