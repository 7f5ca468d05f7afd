"""A device at the counter: scanned wherever one is, taken in by keyboard, its receipt printed; and many of them from a sheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from engine.runtime.sheet import write_sheet
from tests.acceptance.repair_centre import COLUMNS
from tests.browser.house import House
from tests.browser.window import Enter, Window

pytestmark = pytest.mark.browser

FARTHEST = 60
"""So often Tab is pressed until what is looked for has the focus."""


def tab_to(window: Window, wanted: Locator) -> None:
    """Go there with the keyboard."""
    for _ in range(FARTHEST):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        window.page.keyboard.press("Tab")
    raise AssertionError(f"not reached with {FARTHEST} times Tab: {wanted}")


@contextmanager
def at_once(window: Window) -> Iterator[None]:
    """What is typed meanwhile follows as fast as from a scanner, at whatever pace the machine hands it on. The page must have a clock."""
    window.page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))
    yield
    window.page.clock.resume()


def test_a_scan_anywhere_lands_on_the_case(enter: Enter, house: House) -> None:
    number = house.opened()
    window = enter("tom")
    window.page.clock.install()
    window.open("/work")

    with at_once(window):
        window.page.keyboard.type(house.value(number, "imei"))
        window.page.keyboard.press("Enter")

    expect(window.page).to_have_url(f"{house.address}/cases/{number}")
    expect(window.page.locator("h1")).to_contain_text(number)


def test_from_the_scan_to_the_receipt_no_mouse_is_needed(enter: Enter, house: House) -> None:
    device, window = house.device(), enter("amy")
    page, keys = window.page, window.page.keyboard
    page.clock.install()
    window.open("/work")
    with at_once(window):
        keys.press("g")
        keys.press("i")
    expect(page.get_by_role("heading", name="Intake", level=1)).to_be_visible()
    expect(page.locator("main input[name=subject]")).to_be_focused()

    keys.type(str(device["imei"]))
    keys.press("Enter")
    way = page.locator("main").get_by_role("link", name="Phone repair Receive")
    expect(way).to_have_attribute("href", f"/intake/phone-repair/receive?subject={device['imei']}")
    tab_to(window, way)
    keys.press("Enter")

    expect(page.get_by_label("IMEI", exact=False).last).to_have_value(str(device["imei"]))
    for title, value in (
        *(("Customer", device["customer_name"]), ("Mobile", device["mobile"]), ("Model", device["model"])),
        *(("Symptom", device["symptom"]), ("Accessories", device["accessories"]), ("Condition", device["appearance"])),
    ):
        tab_to(window, page.get_by_role("textbox", name=f"{title} required"))
        keys.type(str(value))
        if title == "Customer":
            keys.press("Enter")  # as a scanner ends: on to the next field, nothing is sent
            expect(page.get_by_role("textbox", name="Mobile required")).to_be_focused()
    for group, option in (
        *(("Channel", "Walk-in"), ("Proof of purchase", "No proof")),
        *(("Goods as listed", "Yes"), ("Told to back up data", "Yes")),
    ):
        radio = page.get_by_role("radiogroup", name=group).get_by_role("radio", name=option)
        page.locator("h1").evaluate("(heading) => { heading.tabIndex = -1; heading.focus(); }")
        tab_to(window, page.get_by_role("radiogroup", name=group).get_by_role("radio").first)
        keys.press("Space")
        while not radio.is_checked():
            keys.press("ArrowDown")
    keys.press("Control+Enter")

    expect(page.locator("h1")).to_contain_text("Taken in")
    expect(page.get_by_role("img", name="QR code of case")).to_be_visible()
    number = page.locator("h1").inner_text().split()[-1]
    assert (house.state(number), house.value(number, "imei")) == ("received", device["imei"])


def test_on_paper_there_is_the_receipt_and_nothing_else(enter: Enter, house: House) -> None:
    window = enter("amy", language="zh")
    window.open(f"/cases/{house.opened()}/receipt")

    window.page.emulate_media(media="print")

    expect(window.page.get_by_role("article")).to_be_visible()
    for beside in (".menu", ".top", "main > .head"):
        expect(window.page.locator(beside).first).to_be_hidden()


def test_what_was_here_before_is_told_at_once(enter: Enter, house: House) -> None:
    number, window = house.opened(), enter("amy")
    window.open("/intake")

    window.page.keyboard.type(house.value(number, "imei"))
    window.page.keyboard.press("Enter")

    expect(window.page.locator("main").get_by_role("link", name=number)).to_be_visible()
    expect(window.page.get_by_text("Is already here")).to_be_visible()


def test_a_sheet_is_taken_in_and_its_rejected_rows_come_back(enter: Enter, house: House, tmp_path: Path) -> None:
    good, again = house.device(), house.device()
    rows = [row(f"B-{good['imei']}", str(good["imei"])), row(f"B-{again['imei']}", "12345")]
    window, page = (found := enter("amy")), found.page
    window.open("/intake/phone-repair/receive/sheet")

    page.locator("input[type=file]").set_input_files({"name": "may.csv", "mimeType": "text/csv", "buffer": write_sheet(COLUMNS, rows)})
    page.get_by_role("button", name="Import").click()

    expect(page.get_by_role("status").filter(has_text="1 taken in")).to_contain_text("1 given back")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these rows").click()
    assert download.value.suggested_filename == "may.rejected.csv"
    download.value.save_as(tmp_path / "back.csv")
    header, *back = csv.reader(io.StringIO((tmp_path / "back.csv").read_text(encoding="utf-8-sig"), newline=""))
    assert [line[: len(COLUMNS)] for line in back] == [list(rows[1])]
    assert header[-3:] == ["rejected_line", "rejected_field", "rejected_reason"]
    assert back[0][-3:-1] == ["3", "imei"]

    page.reload()
    expect(page.get_by_role("status").filter(has_text="1 taken in")).to_contain_text("1 given back")
    page.get_by_text("Rows taken in (1)").click()
    page.locator(".taken").get_by_role("link").click()
    expect(page).to_have_url(re.compile("/cases/"))
    page.go_back()
    expect(page.get_by_role("status").filter(has_text="1 taken in")).to_contain_text("1 given back")


def row(reference: str, imei: str) -> tuple[str, ...]:
    """A ticket as a sheet has it."""
    device = ("寄修", "测试客户甲", "12800000001", "示例 X18", imei, "无凭证", "")
    return (reference, *device, "不开机", "充电器", "边框掉漆", "是", "是")
