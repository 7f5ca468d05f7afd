"""Help: the keys, and in a few words what each page is for. Also what “?” shows, as a page for whoever has no script."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from web.console.screen import Showing

PATH = "/help"

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def show_help(screen: Showing) -> Response:
    """The page."""
    return screen.page("help.html", "")
