"""The pictures of the tour: `python -m tests.browser.pictures` takes them of the demonstration after its ten days, in both languages.

Not part of `demo`, which is shipped: pictures need a browser and the rig of its tests. Each is one screen as it stands, not a whole page.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from demo.stage import FOLDER
from engine.app import Application
from engine.core.case import Case
from engine.core.command import Fire
from engine.label import Language
from engine.store import cases
from tests.browser.chromium import running
from tests.browser.house import House, open_house
from tests.browser.palette import packed
from tests.browser.window import Windows
from tests.runtime.company import caller, granted
from web.console.browser.cookies import Theme
from web.problem import LANGUAGES

TO = Path("docs/pictures")
BOSS, DESK = "mia", "amy"


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: who sees what. `down`: what stands at its upper edge, as a selector."""

    name: str
    person: str
    path: str
    width: int = 1280
    height: int = 800
    theme: Theme = "light"
    down: str | None = None


def main() -> None:
    """Take all of them."""
    source = FOLDER / "aftercare.db"
    if not source.is_file():
        sys.exit("演示数据尚未建立，请先运行：make demo · There is no demonstration yet; make it first: make demo")
    with tempfile.TemporaryDirectory(prefix="aftercare-pictures-") as folder:
        shutil.copy(source, Path(folder) / "aftercare.db")
        with open_house(f"sqlite:///{folder}/aftercare.db") as house, running() as browser:
            sizes = {each.name: each.stat().st_size for each in taken(house, browser)}
    for name, size in sizes.items():
        print(f"{size / 1000:>7.0f} kB  {name}")
    print(f"{sum(sizes.values()) / 1000:>7.0f} kB")


def taken(house: House, browser: Browser) -> Iterator[Path]:
    """Every picture, once it is there."""
    windows = Windows(house, browser)
    for shot in shots(house.app):
        for language in LANGUAGES:
            yield _taken(windows, shot, language)
    windows.end()


def _taken(windows: Windows, shot: Shot, language: Language) -> Path:
    window = windows.enter(shot.person, language=language, theme=shot.theme, width=shot.width, height=shot.height)
    window.open(shot.path)
    window.page.evaluate("document.querySelector('.note-time')?.remove()")  # the time of the demonstration is told in words
    if shot.down is not None:
        window.page.evaluate("(where) => document.querySelector(where).scrollIntoView()", shot.down)
    file = TO / f"console-{shot.name}.{language}.png"
    file.write_bytes(packed(window.page, window.page.screenshot()))
    return file


def shots(app: Application) -> Iterator[Shot]:
    """What the tour shows. On the copy that is shown one more step is taken, so that a form stands open."""
    fresh, busy = first(app, "received"), busiest(app)
    repairer = str(busy.data["tester"])
    yield Shot("receipt", DESK, f"/cases/{fresh}/receipt")
    granted(app.cases.handle(fresh, Fire("take"), caller(repairer)))
    yield Shot("work", repairer, "/work")
    yield Shot("case", repairer, f"/cases/{busy.number}")
    yield Shot("form", repairer, f"/cases/{fresh}/steps/diagnose", down="#actions")
    yield Shot("board", BOSS, "/board/phone-repair")
    yield Shot("intake", DESK, f"/intake/phone-repair/receive?subject={busy.data['imei']}")
    yield Shot("bulk", BOSS, f"/bulk/{app.bulk.newest(1)[0].id}")
    yield Shot("people", BOSS, "/people")
    yield Shot("phone", repairer, "/work", width=360, height=740)
    yield Shot("dark", BOSS, "/board/phone-repair", theme="dark")


def first(app: Application, state: str) -> str:
    """The first repair that stands there."""
    with app.database.read() as reader:
        return cases.lines(reader, cases.Filter("phone-repair", state), limit=1)[0].number


def busiest(app: Application) -> Case:
    """The open repair that went through the most: with parts that were fetched, and many steps."""
    with app.database.read() as reader:
        numbers = [line.number for line in cases.lines(reader, cases.Filter("phone-repair", "repairing"), limit=1000)]
        found = [record.case for record in cases.records(reader, numbers).values()]
    return max(found, key=lambda case: ("parts" in case.children, len(case.performed), case.number))


if __name__ == "__main__":
    main()
