"""What people have written is never taken for code where it is put out (reliability bar 34, quick form; pages: `tests/browser`).

Every payload is entered wherever a person may write something, and then looked at in each sink by a judge of its own: cells of a sheet as
a spreadsheet takes them, letters as a mail server gets them, lines of the log as a program reads them, and what a terminal is sent.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from cli import aftercare
from engine.app import Application
from engine.core.command import Fire
from engine.runtime.intake import rejected_sheet, take_in
from engine.runtime.sheet import read_sheet
from engine.settings import Settings
from tests.acceptance.repair_centre import COLUMNS, WORKFLOW, found
from tests.notifications.mail import Sink, serving
from tests.rig.desk import open_desk
from tests.rig.payloads import LINES, PAYLOADS, TERMINAL, UNSEEN, enter_everywhere
from tests.rig.report import Run, Tell
from tests.runtime.company import ZONE, caller, granted
from tests.web.centre import START, UNHINDERED
from web.app import build
from web.logs import log_to
from web.route import API

pytestmark = pytest.mark.reliability

CALCULATED = tuple("=+-@＝＋－＠")
HEADERS = sorted(
    ("Message-ID", "From", "To", "Subject", "Date", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version")
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The repair centre, just founded."""
    url = f"sqlite:///{tmp_path / 'aftercare.db'}"
    found(url, simulated_from=START)
    return url


@pytest.fixture
def app(url: str) -> Iterator[Application]:
    """It, opened."""
    with Application.open(Settings(url, "zh", ZONE, (), ())) as app:
        yield app


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would calculate a cell that a file of commas holds: some look behind white space, and behind the wide signs."""
    return cell.lstrip().startswith(CALCULATED) or cell[:1] in ("\t", "\r", "\n")


def test_nothing_that_nobody_sees_is_taken_in_anywhere(app: Application, told: Tell) -> None:
    run, tried = Run(34, "sqlite"), 0
    for nth, name in enumerate(PAYLOADS, 1):
        entered = enter_everywhere(app, PAYLOADS[name], nth)
        tried += len(entered.taken) + len(entered.refused)
        assert (entered.taken if name in UNSEEN else entered.refused) == [], name
    run.figures |= {"payloads": len(PAYLOADS), "sink": "every place to write"}
    told(run, tried, 0)


def test_no_cell_of_rejected_rows_is_a_formula(app: Application, told: Tell) -> None:
    run, text = Run(34, "sqlite"), io.StringIO()
    payloads = [each for each in PAYLOADS.values() if "\0" not in each]  # no text file holds it
    sheet = csv.writer(text)
    sheet.writerow(COLUMNS)
    for nth, payload in enumerate(payloads):
        sheet.writerow([payload if column not in ("串号", "reference") else f"not an IMEI {nth}" for column in COLUMNS])
    asked = read_sheet(text.getvalue().encode())

    intake = take_in(app.cases, app.catalog.newest(WORKFLOW), "receive", asked, caller("amy"))
    content = rejected_sheet(asked, intake, "zh")

    _, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert len(rows) == len(payloads)
    formulas = [cell for row in rows for cell in row if is_formula(cell)]
    assert [row.cells[: len(COLUMNS)] for row in read_sheet(content).rows] == [row.cells for row in asked.rows], "and no value is lost"
    run.figures |= {"payloads": len(payloads), "sink": "CSV", "executions": len(formulas)}
    told(run, len(rows) * len(COLUMNS), len(formulas))
    assert formulas == []


def test_a_letter_has_one_block_of_headers_and_goes_to_whom_it_is_for(desk_sqlite_url: str, told: Tell) -> None:
    run, sink, faults = Run(34, "sqlite"), Sink(), []
    names = [each for name, each in PAYLOADS.items() if name not in UNSEEN]
    with serving(sink) as port, open_desk(desk_sqlite_url, port=port) as desk:
        for payload in names:
            number = desk.receive("none", customer_name=payload, mail="customer@example.com")
            for step in ("take", "finish"):
                granted(desk.app.cases.handle(number, Fire(step), caller("rui")))
        desk.work()
    letters = [mail for mail, (_, to) in zip(sink.received, sink.envelopes, strict=True) if to == ["customer@example.com"]]
    for mail in letters:
        to = [each.addr_spec for each in mail["To"].addresses]
        if sorted(mail.keys()) != HEADERS or to != ["customer@example.com"] or "\n" in mail["Subject"] or mail.defects:
            faults.append(str(mail))
    run.figures |= {"payloads": len(names), "sink": "mail", "executions": len(faults)}
    told(run, len(letters), len(faults))
    assert faults == []
    assert len(letters) == len(names)


def test_every_line_of_the_log_is_one_event(app: Application, told: Tell) -> None:
    run, log, asked = Run(34, "sqlite"), io.StringIO(), 0
    ours = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(build(app, log_to(log), UNHINDERED), headers=ours, follow_redirects=False) as client:
        for payload in PAYLOADS.values():
            part = quote(payload, safe="")
            client.post("/sign-in", data={"person": payload, "password": payload, "next": payload})
            for path in (f"/{part}", f"/cases/{part}", f"/find?q={part}", f"/sign-in?next={part}", f"{API}/cases?q={part}"):
                client.get(path, headers={"User-Agent": part, "X-Request-ID": part, "Authorization": f"Bearer {part}"})
            asked += 6
    lines = log.getvalue().split("\n")[:-1]
    events = [json.loads(line) for line in lines]
    unprintable = [line for line in lines if not line.isprintable()]
    requests = [each for each in events if each["event"] == "request"]
    run.figures |= {"payloads": len(PAYLOADS), "sink": "log", "executions": len(unprintable)}
    told(run, asked, len(unprintable) + abs(len(requests) - asked))
    assert unprintable == []
    assert len(requests) == asked


def test_a_terminal_is_sent_no_command(url: str, told: Tell) -> None:
    run, numbers = Run(34, "sqlite"), []
    with Application.open(Settings(url, "zh", ZONE, (), ())) as app:
        for nth, payload in enumerate(PAYLOADS.values(), 1):
            numbers.append(enter_everywhere(app, payload, nth).number)
    environment = {"AFTERCARE_DATABASE": url, "AFTERCARE_LANGUAGE": "zh", "AFTERCARE_ZONE": ZONE.key}
    commands = [
        *(("case", each) for each in numbers),
        *(("history", each) for each in numbers),
        ("people", "list"),
        ("inbox", "--as", "mia"),
    ]
    commands += [("people", "list"), ("inbox", "--as", "mia"), *(("find", each) for each in (*TERMINAL.values(), *LINES.values()))]
    shown = [CliRunner().invoke(aftercare, list(each), env=environment).output for each in commands]
    sent = [text for text in shown if re.search(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)]
    run.figures |= {"payloads": len(PAYLOADS), "sink": "terminal", "executions": len(sent)}
    told(run, len(shown), len(sent))
    assert sent == []
    assert [number for number, text in zip(numbers, shown, strict=False) if number not in text] == []
