"""The browser of whoever sits at the keyboard, if there is one here: not over ssh, not without a screen. Knows no subject."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path


def shown(file: Path) -> bool:
    """Open a file in the browser; whether there was one. `BROWSER` names one that works even over ssh."""
    return _is_here() and webbrowser.open(file.absolute().as_uri())


def _is_here() -> bool:
    if os.environ.get("BROWSER"):
        return True
    if os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"):
        return False
    has_screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return has_screen or sys.platform in ("darwin", "win32")
