"""Every row of a sheet opens a case, once and for good; a row that cannot is given back and may be corrected and sent again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.errors import Misuse
from engine.runtime import staffing
from engine.runtime.intake import Intake, Rejection, rejected_sheet, take_in
from engine.runtime.sheet import Sheet, read_sheet, write_sheet
from roles.assignment import Assignment
from tests.runtime.company import OTHER_IMEI, WORKFLOW, Company, caller, granted, registry

COLUMNS = ("reference", "客户姓名", "手机号", "串号", "故障现象")
GOOD = ("T-1", "测试客户甲", "12800000001", "001017000000011", "不开机")
OTHER = ("T-2", "测试客户乙", "12800000002", OTHER_IMEI, "无法充电")


def sheet_of(*rows: Sequence[str], columns: Sequence[str] = COLUMNS) -> Sheet:
    """A sheet as it would be read from a file."""
    return read_sheet(write_sheet(columns, rows))


def send(company: Company, sheet: Sheet, person: str | None = None, start: str = "receive", unit: str | None = None) -> Intake:
    """Take a sheet in."""
    return take_in(company.app.cases, company.app.catalog.newest(WORKFLOW), start, sheet, caller(person), unit=unit)


def outcome(intake: Intake) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Rejection, ...]]:
    """What was opened, what had been before, what was rejected."""
    return intake.opened, intake.repeated, intake.rejected


def reasons(intake: Intake) -> list[tuple[int, str, str]]:
    """Line, field and English sentence of every reason."""
    return [(each.row.line, field, sentence.en) for each in intake.rejected for field, sentence in each.reasons]


def test_rows_become_cases_under_their_references(company: Company) -> None:
    intake = send(company, sheet_of(GOOD, OTHER))
    assert [(each.row.line, each.reference, each.number) for each in intake.taken] == [(2, "T-1", "DR26-0001"), (3, "T-2", "DR26-0002")]
    assert outcome(intake) == (("DR26-0001", "DR26-0002"), (), ())
    assert company.case("DR26-0002").data["customer"] == "测试客户乙"
    assert [row[11] for row in company.tables()["cases"]].count(None) == 0
    assert {entry.actor for entry in company.history("DR26-0001")} == {"integration"}


def test_a_sheet_sent_again_opens_nothing_whatever_happened_since(company: Company) -> None:
    send(company, sheet_of(GOOD))
    granted(company.fire("DR26-0001", "take", "hua"))
    before = company.tables()
    again = send(company, sheet_of(GOOD))
    assert outcome(again) == ((), ("DR26-0001",), ())
    assert company.tables() == before
    assert outcome(send(company, sheet_of(OTHER, GOOD))) == (("DR26-0002",), ("DR26-0001",), ())


def test_the_same_reference_with_other_content_is_rejected(company: Company) -> None:
    send(company, sheet_of(GOOD))
    before = company.tables()
    intake = send(company, sheet_of(("T-1", *OTHER[1:])))
    assert reasons(intake) == [(2, "reference", "The reference “T-1” was taken in before with other content")]
    assert company.tables() == before


def test_two_shops_may_use_the_same_references(company: Company) -> None:
    ours, theirs = sheet_of(GOOD), sheet_of(("T-1", *OTHER[1:]))
    assert outcome(send(company, ours, "cai")) == (("DR26-0001",), (), ())
    assert outcome(send(company, theirs, "cui")) == (("DR26-0002",), (), ())
    assert [company.case(f"DR26-000{turn}").unit for turn in (1, 2)] == ["shop-1", "shop-2"]
    assert outcome(send(company, ours, "cai")) == ((), ("DR26-0001",), ())
    assert outcome(send(company, theirs, "cui")) == ((), ("DR26-0002",), ())
    assert reasons(send(company, theirs, "cai")) == [(2, "reference", "The reference “T-1” was taken in before with other content")]
    assert outcome(send(company, sheet_of(("T-1", *GOOD[1:3], "001017000000037", GOOD[4])))) == (("DR26-0003",), (), ())  # of no unit


def test_whoever_sends_a_sheet_again_takes_no_row_in_twice(company: Company) -> None:
    send(company, sheet_of(GOOD), "cai")
    assert outcome(send(company, sheet_of(GOOD), unit="shop-1")) == ((), ("DR26-0001",), ())
    staffing.add_person(company.app.database, "cen", "样例受理03")
    now = company.app.time.now()
    staffing.assign(company.app.database, registry(), Assignment("cen", "desk-clerk", "main", now), at=now, by="os:owner")
    assert outcome(send(company, sheet_of(GOOD, OTHER), "cen", unit="shop-1")) == (("DR26-0002",), ("DR26-0001",), ())


def test_who_may_not_take_in_there_is_not_told_what_was(company: Company) -> None:
    send(company, sheet_of(GOOD), "cai")
    for person, unit in (("rui", None), ("cui", "shop-1")):
        taken = send(company, sheet_of(GOOD), person, unit=unit)
        fresh = send(company, sheet_of(("T-9", *GOOD[1:])), person, unit=unit)
        assert (taken.taken, reasons(taken)) == ((), reasons(fresh))


def test_each_row_is_rejected_by_itself_with_line_field_and_reason(company: Company) -> None:
    intake = send(
        company,
        sheet_of(
            ("T-1", "测试客户甲", "12800000001", "12", "不开机\n又死机"),
            ("", "测试客户甲", "12800000001", OTHER_IMEI, "不开机"),
            GOOD,
            ("T-4", "测试客户丙", "12800000003", "001017000000011", "不开机"),
            ("T-5", "", "不是号码", OTHER_IMEI, "不开机"),
            ("T-6", "测试客户丁"),
        ),
    )
    assert intake.opened == ("DR26-0001",)
    told = reasons(intake)
    assert [(line, field) for line, field, _ in told] == [
        (2, "imei"),
        (4, "reference"),
        (6, "imei"),
        (7, "customer"),
        (7, "mobile"),
        (8, ""),
    ]
    assert "DR26-0001" in told[2][2]
    assert told[5][2] == "Expected 5 cells, found 2"


def test_a_file_of_rejected_rows_can_be_corrected_and_sent_again(company: Company) -> None:
    first = sheet_of(GOOD, ("T-2", "测试客户乙", "12800000002", "12", "无法充电,\n有时"))
    content = rejected_sheet(first, send(company, first), "zh")
    given_back = read_sheet(content)
    assert given_back.columns == (*COLUMNS, "rejected_line", "rejected_field", "rejected_reason")
    assert given_back.rows[0].cells[5:7] == ("3", "imei")
    assert send(company, given_back).opened == ()
    corrected = read_sheet(content.decode().replace(",12,", f",{OTHER_IMEI},").encode())
    assert outcome(send(company, corrected)) == (("DR26-0002",), (), ())
    assert company.case("DR26-0002").data["symptom"] == "无法充电,\n有时"
    assert rejected_sheet(corrected, Intake((), ()), "zh").decode("utf-8-sig").splitlines() == [",".join(given_back.columns)]


def test_a_wish_for_less_than_the_right_is_rejected_row_by_row(company: Company) -> None:
    intake = send(company, sheet_of(GOOD), "rui")
    assert [(field, "may not do “Receive”" in said) for _, field, said in reasons(intake)] == [("", True)]


def test_columns_go_by_titles_of_either_language_or_ids(company: Company) -> None:
    assert send(company, sheet_of(GOOD, columns=("参考号", "客户姓名", "手机号", "串号", "故障现象"))).opened == ("DR26-0001",)
    for columns in (
        ("reference", "Customer", "mobile", "IMEI", "SYMPTOM"),
        (" 外部单号 ", "customer", "Mobile", "imei", "故障现象"),
    ):
        assert send(company, sheet_of(GOOD, columns=columns)).repeated == ("DR26-0001",)


def test_order_of_columns_and_empty_ones_do_not_matter(company: Company) -> None:
    turned = sheet_of((*reversed(GOOD), "", ""), columns=(*reversed(COLUMNS), "", ""))
    assert send(company, turned).opened == ("DR26-0001",)
    assert send(company, sheet_of(GOOD)).repeated == ("DR26-0001",)


COLUMN_FAULTS = {
    "unknown": (("reference", "客户姓名", "手机号", "串号", "故障现像"), "“故障现像” is not a field", "故障现象"),
    "twice by two names": (("reference", "客户姓名", "customer", "串号", "故障现象"), "Two columns mean “Customer”", None),
    "missing": (("reference", "客户姓名", "手机号"), "missing: IMEI, Symptom", None),
    "no reference": (("客户姓名", "手机号", "串号", "故障现象"), "missing: reference", None),
}


def test_columns_that_do_not_fit_the_form_are_refused_before_anything_is_opened(company: Company) -> None:
    before = company.tables()
    for columns, said, nearest in COLUMN_FAULTS.values():
        with pytest.raises(Misuse, match=said) as caught:
            send(company, sheet_of(["x"] * len(columns), columns=columns))
        assert nearest is None or (caught.value.way_out is not None and nearest in caught.value.way_out.zh)
    assert company.tables() == before


def test_an_unknown_start_is_refused_with_the_nearest(company: Company) -> None:
    with pytest.raises(Misuse, match="no start “recieve”") as caught:
        send(company, sheet_of(GOOD), start="recieve")
    assert caught.value.way_out is not None
    assert "receive" in caught.value.way_out.en
