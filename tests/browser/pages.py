"""Every page of the screen, whom it is for, and a person of each role. Names in braces stand for cases of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.app import Application
from tests.browser.house import standing

PEOPLE: Mapping[str, str] = {
    "front desk": "amy",
    "repair": "tom",
    "supervisor": "mia",
    "warehouse": "ken",
    "dealer advisor": "ada",
    "manager": "dan",
    "headquarters": "max",
    "administrator": "abe",
}
PHONES = frozenset({"amy", "tom", "mia", "ken", "dan", "max", "abe"})
"""Who sees the repairs of the first shop: its own people, all of headquarters, the administrator."""
DESK = frozenset({"amy"})
LOOKS_AFTER = frozenset({"mia", "max", "abe"})
"""Who is told what went wrong: supervisors of phones, the administrator."""
EVERYBODY = frozenset(PEOPLE.values())


@dataclass(frozen=True, slots=True)
class Place:
    """A page. To whoever may not see what it shows it is not there (404); others are told that it is not for them (403)."""

    name: str
    path: str
    seen_by: frozenset[str] = EVERYBODY
    known_to: frozenset[str] = frozenset()
    """Who is told that it is not for him."""

    def address(self, app: Application) -> str:
        """Its path in this house."""
        return self.path.format_map(_Cases(app))

    def status(self, person: str) -> int:
        """What it answers to somebody."""
        return 200 if person in self.seen_by else 403 if person in self.known_to else 404

    @property
    def guest(self) -> str:
        """Somebody who opens it where it does not matter who does."""
        return max(self.seen_by, default="tom")


class _Cases(dict[str, str]):
    """`{workflow_in_state}` stands for a case; looked up when it is asked for."""

    def __init__(self, app: Application) -> None:
        super().__init__()
        self._app = app

    def __missing__(self, name: str) -> str:
        workflow, _, state = name.partition("_in_")
        return standing(self._app, workflow.replace("_", "-"), *([state] if state else []))


PLACES = (
    Place("my work", "/work"),
    Place("my work, narrowed", "/work?whose=pool&late=1"),
    Place("my account", "/account"),
    Place("a new password", "/account/password"),
    Place("help", "/help"),
    Place("a board", "/board/phone-repair"),
    Place("a board on the wall", "/board/phone-repair?wall=1"),
    Place("a column of a board", "/board/phone-repair/return"),
    Place("a case", "/cases/{phone_repair_in_diagnosing}", PHONES),
    Place("a case that has ended", "/cases/{phone_repair_in_closed}", PHONES),
    Place("a case of another case", "/cases/{phone_callback}", PHONES),
    Place("a form of a case", "/cases/{phone_repair_in_diagnosing}/steps/diagnose", PHONES),
    Place("a form with files", "/cases/{phone_repair_in_diagnosing}/steps/exclude", PHONES),
    Place("a correction", "/cases/{phone_repair_in_diagnosing}/correct", PHONES),
    Place("a remark", "/cases/{phone_repair_in_diagnosing}/comment", PHONES),
    Place("an assignment", "/cases/{phone_repair_in_diagnosing}/assign", PHONES),
    Place("why a clock is due", "/cases/{phone_repair_in_diagnosing}/clocks/turnaround", PHONES),
    Place("a receipt", "/cases/{phone_repair_in_received}/receipt", PHONES),
    Place("the intake", "/intake"),
    Place("an intake of something known", "/intake?subject=001017000000177"),
    Place("a form of the intake", "/intake/phone-repair/receive", DESK, EVERYBODY),
    Place("a sheet", "/intake/phone-repair/receive/sheet", DESK, EVERYBODY),
    Place("what is found", "/find?q=001017"),
    Place("nothing found", "/find?q=nothing"),
    Place("bulk", "/bulk"),
    Place("a new plan", "/bulk/new"),
    Place("incidents", "/incidents", LOOKS_AFTER, EVERYBODY),
    Place("undelivered messages", "/incidents/messages", LOOKS_AFTER, EVERYBODY),
    Place("events in quarantine", "/incidents/events", frozenset({"abe"}), EVERYBODY),
    Place("people", "/people"),
    Place("a person", "/people/sue", PHONES),
    Place("a new absence", "/people/tom/away", frozenset({"tom", "abe"}), PHONES),
    Place("a new delegation", "/people/tom/delegate", frozenset({"tom", "abe"}), PHONES),
    Place("a new person", "/people/-/new", frozenset({"abe"}), EVERYBODY),
    Place("a page that is not there", "/nowhere", frozenset()),
)
