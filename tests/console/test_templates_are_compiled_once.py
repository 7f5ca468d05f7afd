"""A template is compiled once for both languages, and every one of them can be before anybody asks for it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from web.console.display.rendering import Renderer

ZONE = ZoneInfo("Asia/Shanghai")
TITLE = "parts/worklist/title.html"


def test_every_template_compiles() -> None:
    Renderer(ZONE).prepare()


def test_each_language_has_its_own_words() -> None:
    renderer, values = Renderer(ZONE), {"work": {"tally": {"cases": 3}}, "few": 2_000}

    assert renderer.render(TITLE, "zh", values) == "我的工作（3）"
    assert renderer.render(TITLE, "en", values) == "My work (3)"
