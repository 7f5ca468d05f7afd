"""Finding: what is typed or scanned leads to its case, or to those that it might mean; and what to do with a device that nobody knows."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from engine.runtime.reading import Found
from web.console.pages import cases
from web.console.screen import Screen, Showing, shown
from web.guessing import Guesses

PATH = "/find"
LINES = 50
HITS = 8
"""How many are shown while somebody types."""
FEWEST = 3
"""With how many characters that begins."""
WHOLE = 8
"""From how many characters on a text may be a whole phone or serial number, and is looked for among personal values while it is typed."""
LONGEST = 200
_DEVICE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{6,30}")
_PHONE = re.compile(r"1\d{10}")

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def find(screen: Showing, q: str = "") -> Response:
    """What was meant: the one case, or a list."""
    text = q.strip()[:LONGEST]
    if not text:
        return _page(screen, "", None)
    guesses = Guesses(screen.request, screen.person)
    wait = guesses.wait()
    if wait:
        return _page(screen, text, None, 429, wait=wait)
    found = screen.application.views.find(text, LINES, screen.access)
    if not found.lines:
        guesses.count()
    if found.is_exact and len(found.lines) == 1:
        number = found.lines[0].line.number
        return screen.then(f"/cases/{quote(number, safe='')}", lambda: cases.show_case(screen, number))
    return _page(screen, text, found)


@router.get(f"{PATH}/hits")
def hits(screen: Showing, q: str = "") -> Response:
    """What a text that is being typed may become, for the list under the field: by an index alone."""
    text = q.strip()[:LONGEST]
    return shown(screen.request, "find_hits.html", text=text, found=_typed(screen, text))


def _page(screen: Screen, text: str, found: Found | None, status: int = 200, wait: int = 0) -> Response:
    headers = {"Retry-After": str(wait)} if wait else None
    return screen.page("find.html", "", status, headers=headers, text=text, finding=text, found=found, wait=wait, is_device=is_device(text))


def _typed(screen: Screen, text: str) -> Found | None:
    if len(text) < FEWEST:
        return None
    guesses, is_whole = Guesses(screen.request, screen.person), len(text) >= WHOLE
    if is_whole and guesses.wait():
        return None
    found = screen.application.views.beginning(text, HITS, screen.access, told=is_whole)
    if is_whole and not found.lines:
        guesses.count()
    return found


def is_device(text: str) -> bool:
    """Whether it is written as a serial number, an IMEI, a VIN: something that may be taken in.

    >>> is_device("001017000000011"), is_device("L00TEST14N1000001"), is_device("12800000001"), is_device("测试客户甲")
    (True, True, False, False)
    """
    return _DEVICE.fullmatch(text) is not None and _PHONE.fullmatch(text) is None and sum(map(str.isdigit, text)) >= 4
