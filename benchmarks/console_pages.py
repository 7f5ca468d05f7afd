"""The pages that are measured, as they are asked for: every one of the screen, and where there may be much, in the ways in which it may.

Names in braces stand for what is there: cases of the house, of which the one under repair has a long history, a case in the first shop
among the copies, and the plan.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.app import Application
from tests.browser.house import standing

STATES = ("received", "diagnosing", "repairing", "closed")
CASE = "/cases/{diagnosing}"
LONG = "/cases/{repairing}"
PAGES: tuple[tuple[str, str], ...] = (
    ("work", "/work"),
    ("work, of the pool", "/work?whose=pool"),
    ("work, mine", "/work?whose=mine"),
    ("work, late", "/work?late=1"),
    ("work, of a process", "/work?workflow=phone-repair"),
    ("work, of a state", "/work?workflow=phone-repair&state=received"),
    ("work, looked at again", "/work?seen=0"),
    ("board", "/board/phone-repair"),
    ("board, looked at again", "/board/phone-repair?seen=0"),
    ("board, of a unit", "/board/phone-repair?unit=phone-01"),
    ("board, late", "/board/phone-repair?late=1"),
    ("board, mine", "/board/phone-repair?mine=1"),
    ("board, of a state", "/board/phone-repair?state=received"),
    ("board, of another process", "/board/dealer-callback"),
    ("board, on the wall", "/board/phone-repair?wall=1"),
    ("column", "/board/phone-repair/repair"),
    ("column, its last page", "/board/phone-repair/repair?page=20"),
    ("column, late", "/board/phone-repair/repair?late=1"),
    ("move of a card", "/board/phone-repair/move/{diagnosing}?to=repair"),
    ("case", CASE),
    ("case, ended", "/cases/{closed}"),
    ("case, newly received", "/cases/{received}"),
    ("case with a long history", LONG),
    ("case, older history", LONG + "?before=1000"),
    ("case, its first history", LONG + "?before=40"),
    ("changes, none", CASE + "/changes?seq=99999"),
    ("changes, long history", LONG + "/changes?seq=0"),
    ("clock", CASE + "/clocks/turnaround"),
    ("clock, long history", LONG + "/clocks/turnaround"),
    ("step", CASE + "/steps/diagnose"),
    ("step with files", CASE + "/steps/exclude"),
    ("correction", CASE + "/correct"),
    ("remark", CASE + "/comment"),
    ("assignment", CASE + "/assign"),
    ("receipt", "/cases/{received}/receipt"),
    ("intake", "/intake"),
    ("intake, known device", "/intake?subject={subject}"),
    ("intake, new device", "/intake?subject=001017999999999"),
    ("start", "/intake/phone-repair/receive"),
    ("start, known device", "/intake/phone-repair/receive?subject={subject}"),
    ("sheet", "/intake/phone-repair/receive/sheet"),
    ("find, a device", "/find?q={subject}"),
    ("find, a phone", "/find?q={mobile}"),
    ("find, a name", "/find?q=%E6%B5%8B%E8%AF%95%E5%AE%A2%E6%88%B7{place}"),
    ("find, part of a device", "/find?q=0000042"),
    ("find, part of a name", "/find?q=%E5%AE%A2%E6%88%B75"),
    ("find, what all have", "/find?q=0010"),
    ("find, nothing", "/find?q=nothing"),
    ("typed, a device", "/find/hits?q=001017100"),
    ("typed, a phone", "/find/hits?q={mobile}"),
    ("typed, nothing", "/find/hits?q=nothing"),
    ("bulk", "/bulk"),
    ("bulk, a process", "/bulk/new"),
    ("bulk, new", "/bulk/new?workflow=phone-repair"),
    ("bulk, new, a unit", "/bulk/new?workflow=phone-repair&unit=phone-01&state=received"),
    ("bulk, new, late", "/bulk/new?workflow=phone-repair&late=1"),
    ("plan of 300", "/bulk/{plan}"),
    ("incidents", "/incidents"),
    ("incidents, of a kind", "/incidents?kind=step_refused"),
    ("incidents, settled too", "/incidents?settled=true"),
    ("undelivered", "/incidents/messages"),
    ("quarantine", "/incidents/events"),
    ("people", "/people"),
    ("people, a role", "/people?role=phone-repair-tester&here=yes"),
    ("people, by name", "/people?q=%E5%BA%97%E5%91%9807"),
    ("person", "/people/sue"),
    ("absence", "/people/tom/away"),
    ("delegation", "/people/tom/delegate"),
    ("person, new", "/people/-/new"),
    ("account", "/account"),
    ("password", "/account/password"),
    ("help", "/help"),
)


class Addresses(dict[str, str]):
    """What the names in braces stand for: a state for the first case of the house that stands there, the rest as it is told."""

    def __init__(self, app: Application) -> None:
        super().__init__({state: standing(app, "phone-repair", state) for state in STATES})

    def pages(self) -> Iterator[tuple[str, str]]:
        """Each page with its address."""
        for name, path in PAGES:
            yield name, path.format_map(self)
