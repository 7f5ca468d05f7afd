"""What the documentation shows of the API is what a server says: the case that is told with curl, and the program at the till."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from engine.app import Application
from engine.core.command import Fire, OpenCase
from engine.runtime.tokens import Wish
from engine.settings import SHIPPED
from roles.scope import WHOLE
from tests.acceptance.repair_centre import found as found_centre
from tests.docs.pages import DOCS, examples
from tests.rig.served import Served
from tests.runtime.company import caller, granted, settings

pytestmark = pytest.mark.reliability
TRANSCRIPT = DOCS / "how-to" / "one-case-with-curl.md"
TILL = DOCS / "examples" / "till.py"
TICKET = {
    "channel": "walk_in", "customer_name": "测试客户甲", "mobile": "12800000001", "model": "X1", "imei": "001017000000011",
    "proof": "invoice", "sold_on": "2026-09-01", "symptom": "充电充不进", "accessories": "充电器", "appearance": "完好",
    "as_listed": True, "backed_up": True,
}  # fmt: skip
WALK: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("take", "tom", {}),
    ("diagnose", "tom", {"fault": "charging", "cause": "尾插氧化", "in_warranty": True, "verdict_why": "性能故障", "remedy": "repair"}),
    ("finish", "tom", {"work_done": "换尾插"}),
    ("inspect", "sue", {"rescan": "001017000000011", "result": "passed"}),
)


@dataclass(frozen=True)
class Shop:
    """A shop with a server, and the token of its till."""

    served: Served
    token: str
    url: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.served.port}"


@pytest.fixture
def shop(sqlite_url: str, tmp_path: Path) -> Iterator[Shop]:
    """The demonstration team, the shipped processes, real time."""
    found_centre(sqlite_url)
    with Application.open(settings(sqlite_url)) as app:
        token = app.tokens.make(Wish("till", "the till", WHOLE, for_people=True), by="test").secret
    served = Served(sqlite_url, tmp_path / "log")
    yield Shop(served, token, sqlite_url)
    served.end()


@dataclass(frozen=True)
class Typed:
    """A command of a transcript, and what it answers."""

    command: str
    answer: str


def transcript(page: Path) -> list[Typed]:
    """The commands of all blocks of a page, with the lines that go on after `>`; numbers are those of this year, as the company has it."""
    year = f"{datetime.now(settings('').zone):%y}"
    text = "\n".join(block.text for block in examples(page, "console"))
    text = re.sub(r"\b(WX|HD)26-", rf"\g<1>{year}-", text)
    found: list[Typed] = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        first, *rest = part.strip("\n").split("\n")
        more = [line[2:] for line in rest if line.startswith("> ")]
        found.append(Typed("\n".join([first, *more]), "\n".join(line for line in rest if not line.startswith("> "))))
    return found


def is_as_shown(said: str, shown: str) -> bool:
    """Whether a program said what a page shows, where … stands for anything within a line and, on a line of its own, for any lines."""
    lines = [r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n" for line in shown.split("\n")]
    return re.fullmatch("".join(lines), said.replace("\r", "") + "\n") is not None


def test_the_case_told_with_curl_is_what_the_server_says(shop: Shop, tmp_path: Path) -> None:
    typed = transcript(TRANSCRIPT)
    begin, rest = typed[0].command, typed[1:]
    assert "export AFTERCARE=" in begin
    mark = "--8<--"
    script = "\n".join(f"{each.command}\necho '{mark}'" for each in rest)
    environment = {**os.environ, "AFTERCARE": f"{shop.address}/api/v1", "TOKEN": shop.token, "no_proxy": "127.0.0.1"}

    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=True)

    said = [part.strip("\n") for part in done.stdout.split(mark)][:-1]
    assert len(said) == len(rest) >= 15
    wrong = [(each.command, shown, each.answer) for each, shown in zip(rest, said, strict=True) if not is_as_shown(shown, each.answer)]
    assert wrong == []


def test_a_page_that_says_otherwise_is_found() -> None:
    assert is_as_shown('{"a":1,"b":2}', '{"a":1…}')
    assert is_as_shown("HTTP/1.1 200 OK\nx: y\n\n{}", "HTTP/1.1 200 OK\n…\n{}")
    assert not is_as_shown('{"a":1,"b":2}', '{"a":2…}')
    assert not is_as_shown("HTTP/1.1 200 OK\n\n{}", "HTTP/1.1 201 Created\n…\n{}")


def at_the_till(shop: Shop, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program at the till."""
    environment = {**os.environ, "AFTERCARE_URL": shop.address, "AFTERCARE_TOKEN": shop.token, "no_proxy": "127.0.0.1"}
    command = [sys.executable, str(TILL), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_program_at_the_till_hands_over_once_and_is_told_why_not(shop: Shop) -> None:
    with Application.open(settings(shop.url)) as app:
        opened = granted(app.cases.open("phone-repair", OpenCase("receive", TICKET, unit="phone-01"), caller("amy")))
        number = opened.outcome.number
        for step, person, data in WALK:
            granted(app.cases.handle(number, Fire(step, data), caller(person)))
    assert SHIPPED in TILL.parents
    assert len(TILL.read_text(encoding="utf-8").splitlines()) <= 65

    too_much = at_the_till(shop, number, "QJ-1", "10.00", "amy")
    not_his = at_the_till(shop, number, "QJ-1", "0.00", "tom")
    handed = at_the_till(shop, number, "QJ-1", "0.00", "amy")
    pressed_again = at_the_till(shop, number, "QJ-1", "0.00", "amy")
    another = at_the_till(shop, number, "QJ-2", "0.00", "amy")

    assert (too_much.returncode, too_much.stderr.strip()) == (1, "The amount paid must be the amount due")
    assert not_his.returncode == 1
    assert "“样例维修01” may not do “Hand over”" in not_his.stderr
    assert (handed.returncode, handed.stdout.strip()) == (0, f"{number}: returning → closed")
    assert (pressed_again.returncode, pressed_again.stdout.strip()) == (0, f"{number}: closed → closed")
    assert another.returncode == 1
    with Application.open(settings(shop.url)) as app:
        last = app.views.history(number)[-1].entry
    assert (last.door, last.actor, last.principal.rpartition("/")[2]) == ("api", "amy", "till")
