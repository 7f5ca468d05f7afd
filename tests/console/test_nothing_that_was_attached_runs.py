"""What lies in a field of a case is handed out as what it is: a picture is shown, anything else is saved, whatever its name says."""

from __future__ import annotations

import pytest
from httpx2 import Response

from engine.core.command import Fire
from engine.runtime.attachment import arrived, store
from tests.console.desk import Desk
from tests.console.reception import part, said
from tests.runtime.company import caller, granted

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SCRIPT = b"<script>document.title = 'ran'</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="document.title = 1">' + SCRIPT + b"</svg>"
GOOD: dict[str, object] = {
    "serial": "001017000000011",
    "tel": "12800000001",
    "sure": True,
    "count": 2,
    "fee": "1",
    "day": "2026-10-01",
    "at": "2026-10-01T09:00",
    "colour": "red",
    "kind": "a",
    "repairer": "rui",
    "spares": [{"part": "BAT-1", "pieces": 1}],
}


def handed_out(desk: Desk, content: bytes, name: str) -> Response:
    """What the link to this file is answered, which is followed from the page of the case that holds it."""
    number = desk.begun()
    kept = store(desk.app.database, arrived(content, name), desk.app.time.now())
    granted(desk.app.cases.handle(number, Fire("fill", {**GOOD, "papers": [{"id": kept.id, "name": name}]}), caller("cai")))
    return desk.get("cai", said(part(desk.read("cai", f"/cases/{number}"), "a.file"), "href"))


def test_a_picture_is_shown(desk: Desk) -> None:
    answer = handed_out(desk, PNG, "正面.html")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("inline;")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "正面.svg"),
        (SVG, "正面.png"),
        (b"<?xml version='1.0'?>" + SVG, "正面.png"),
        (b"<!doctype html><html>" + SCRIPT, "正面.png"),
        (SCRIPT, "单据.txt"),
        (b" \xef\xbb\xbf" + SCRIPT, "正面.webp"),
    ],
)
def test_what_is_no_picture_is_saved_whatever_its_name_says(desk: Desk, content: bytes, name: str) -> None:
    answer = handed_out(desk, content, name)
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"].split(";")[0] in ("text/plain", "application/octet-stream")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
