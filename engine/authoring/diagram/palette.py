"""The colours of a picture, in light and in dark, and its icons. Every colour is chosen for its contrast to what lies under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from engine.authoring.diagram.figure import Icon

FONTS = "Arial, Helvetica, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif"

Theme = Literal["light", "dark", "auto"]
"""How bright a picture is; `auto`: as the screen of whoever looks at it."""

Look = Mapping[str, str]

LIGHT: Mapping[str, Look] = {
    "page": {"fill": "#ffffff"},
    "ink": {"fill": "#1b2530"},
    "soft": {"fill": "#51606f"},
    "sign": {"fill": "none", "stroke": "#51606f", "stroke-width": "1.2", "stroke-linecap": "round", "stroke-linejoin": "round"},
    "panel": {"fill": "#f6f7f9"},
    "state": {"fill": "#ffffff", "stroke": "#3c4c5e", "stroke-width": "1.5"},
    "success": {"fill": "#e3f4e8", "stroke": "#2a7d46", "stroke-width": "1.5"},
    "failure": {"fill": "#fdeee0", "stroke": "#b3641b", "stroke-width": "1.5"},
    "abandoned": {"fill": "#eceff2", "stroke": "#66727f", "stroke-width": "1.5"},
    "step": {"fill": "#f4f7fb", "stroke": "#8b9bad", "stroke-width": "1"},
    "many": {"fill": "#f4f7fb", "stroke": "#8b9bad", "stroke-width": "1", "stroke-dasharray": "3 3"},
    "dot": {"fill": "#1b2530"},
    "line": {"fill": "none", "stroke": "#506175", "stroke-width": "1.4"},
    "tip": {"fill": "#506175"},
    "up-line": {"fill": "none", "stroke": "#7a5aa6", "stroke-width": "1.4"},
    "up-tip": {"fill": "#7a5aa6"},
    "covered-line": {"fill": "none", "stroke": "#1e8449", "stroke-width": "1.8"},
    "covered-tip": {"fill": "#1e8449"},
    "covered-ink": {"fill": "#17693a"},
    "covered-box": {"stroke": "#1e8449"},
    "never-line": {"fill": "none", "stroke": "#cc2f26", "stroke-width": "1.8", "stroke-dasharray": "6 4"},
    "never-tip": {"fill": "#cc2f26"},
    "never-ink": {"fill": "#b3261e"},
    "never-box": {"stroke": "#cc2f26", "stroke-dasharray": "6 4"},
}

DARK: Mapping[str, Look] = {
    "page": {"fill": "#14191f"},
    "ink": {"fill": "#eef2f6"},
    "soft": {"fill": "#a9b6c4"},
    "sign": {"stroke": "#a9b6c4"},
    "panel": {"fill": "#1c232b"},
    "state": {"fill": "#232c36", "stroke": "#b4c2d1"},
    "success": {"fill": "#173524", "stroke": "#58c083"},
    "failure": {"fill": "#3c2812", "stroke": "#e39a52"},
    "abandoned": {"fill": "#2a3139", "stroke": "#97a4b1"},
    "step": {"fill": "#1a222b", "stroke": "#6c7c8d"},
    "many": {"fill": "#1a222b", "stroke": "#6c7c8d"},
    "dot": {"fill": "#eef2f6"},
    "line": {"stroke": "#9fb0c2"},
    "tip": {"fill": "#9fb0c2"},
    "up-line": {"stroke": "#bb9bea"},
    "up-tip": {"fill": "#bb9bea"},
    "covered-line": {"stroke": "#4fc37c"},
    "covered-tip": {"fill": "#4fc37c"},
    "covered-ink": {"fill": "#6fd497"},
    "covered-box": {"stroke": "#4fc37c"},
    "never-line": {"stroke": "#ff6f66"},
    "never-tip": {"fill": "#ff6f66"},
    "never-ink": {"fill": "#ff8b84"},
    "never-box": {"stroke": "#ff6f66"},
}

LIGHT_OVERLAY: Mapping[str, Look] = {
    "here": {"fill": "none", "stroke": "#0f766e", "stroke-width": "3.5"},
    "flag": {"fill": "#0f766e"},
    "flag-ink": {"fill": "#ffffff"},
    "been": {"fill": "none", "stroke": "#0f766e", "stroke-width": "2"},
    "tick": {"fill": "none", "stroke": "#ffffff", "stroke-width": "1.8", "stroke-linecap": "round", "stroke-linejoin": "round"},
}
"""What is laid over a picture of one case, and in the dark:"""

DARK_OVERLAY: Mapping[str, Look] = {
    "here": {"stroke": "#4fd1c1"},
    "flag": {"fill": "#4fd1c1"},
    "flag-ink": {"fill": "#06231f"},
    "been": {"stroke": "#4fd1c1"},
    "tick": {"stroke": "#06231f"},
}

BANDS: Mapping[str, tuple[str, str]] = {
    "receive": ("#e6f0fb", "#1a2a3c"),
    "diagnose": ("#f0eafa", "#2a2338"),
    "repair": ("#fdf3df", "#352b18"),
    "inspect": ("#e2f5f3", "#15312f"),
    "return": ("#e8f5e4", "#1d3020"),
    "callback": ("#fcebf1", "#38222b"),
    "request": ("#e8ebfa", "#20233f"),
    "work": ("#fbefe3", "#38291b"),
    "review": ("#e0f3f8", "#14303a"),
    "done": ("#f0f5de", "#282f18"),
    "": ("#f3f4f6", "#20262d"),
    "end": ("#eef0f3", "#1f252c"),
}
"""phase → its colour in light and in dark."""

ICONS: Mapping[Icon, str] = {
    "clock": "M6 1a5 5 0 1 0 .01 0zM6 3.3V6l2 1.3",
    "wait": "M2.8 1.2h6.4M2.8 10.8h6.4M3.6 1.2c0 3.2 4.8 4.2 4.8 9.6M8.4 1.2c0 3.2-4.8 4.2-4.8 9.6",
    "stay": "M10.2 7A4.3 4.3 0 1 1 9.6 3.6M9.9 1v2.8H7.1",
    "child": "M1.2 1.2h6v6h-6zM4.8 7.2v3.6h6v-6H7.2",
    "system": "M6.8 1L2.9 6.7h2.9L5.2 11l3.9-5.7H6.2z",
    "sign": "M.8 6.4l2.4 2.4 4.4-5M5.2 8l.8.8 5-5.6",
    "person": "M6 1.2a2.1 2.1 0 1 0 .01 0zM1.9 10.8c0-5.2 8.2-5.2 8.2 0",
}
"""Paths in a square of 12."""


def rules(theme: Theme, *, with_overlay: bool = False) -> str:
    """The style sheet: only what is other in the dark, so that the picture is whole without it."""
    if theme == "light":
        return ""
    looks = {**DARK, **DARK_OVERLAY} if with_overlay else DARK
    dark = [f".{name}{{{_declared(look)}}}" for name, look in looks.items()]
    dark += [f".band-{phase or 'none'}{{fill:{colour}}}" for phase, (_, colour) in BANDS.items()]
    return "".join(dark) if theme == "dark" else f"@media (prefers-color-scheme:dark){{{''.join(dark)}}}"


def _declared(look: Look) -> str:
    return ";".join(f"{name}:{value}" for name, value in look.items())
