"""The one Chromium of a run, driven by Playwright. Where there is none the tests fail: what a page does is known by a browser alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

from playwright.sync_api import Browser, sync_playwright

PATIENCE = 120_000
"""Milliseconds that it may take to start."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Missing(Exception):
    """There is no Chromium on this machine."""


def executable() -> str:
    """Where it is: as the variable CHROMIUM says, or where a distribution puts it. Raises Missing."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        searched = f"at {named}, as CHROMIUM says" if named else "among the programs of this machine"
        raise Missing(
            f"The browser tests need a Chromium, and there is none {searched}. Install it (Debian, Ubuntu: "
            "apt-get install -y --no-install-recommends chromium fonts-noto-cjk), or let CHROMIUM say where it is."
        )
    return found


@contextmanager
def running() -> Iterator[Browser]:
    """Started, with no window. Its sandbox cannot be had by root, who runs it in a container of CI."""
    confined = os.geteuid() != 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), chromium_sandbox=confined, timeout=PATIENCE)
        yield browser
        browser.close()


@cache
def source_of_axe() -> str:
    """The accessibility rules of axe-core, as script."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
