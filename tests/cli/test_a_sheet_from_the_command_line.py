"""The intake on the command line: what can be opened is opened, what cannot comes back in a file that can be mended and sent again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.settings import SHIPPED
from tests.cli.conftest import TICKET, Terminal

INTAKE = ("--workflow", "phone-repair", "--start", "receive", "--unit", "phone-01")
IMEIS = ("001017000000011", "001017000000029", "001017000000037")


def rows(**changes: Mapping[int, str]) -> list[dict[str, str]]:
    """Three tickets, with other values in some rows of some columns."""
    made = [{"reference": f"SX-{index}", **TICKET, "imei": imei} for index, imei in enumerate(IMEIS)]
    for column, values in changes.items():
        for index, value in values.items():
            made[index][column] = value
    return made


def sheet(company: Terminal, made: list[dict[str, str]], name: str = "may.csv", encoding: str = "utf-8-sig") -> Path:
    """The tickets as a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, made[0])
    writer.writeheader()
    writer.writerows(made)
    path = company.folder / name
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a file that we wrote."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_as_chinese_excel_writes_them_are_read(company: Terminal, encoding: str) -> None:
    sheet(company, rows(), encoding=encoding)

    assert "Opened 3 cases (WX26-000001 … WX26-000003)" in company.run("intake", "may.csv", *INTAKE).stdout
    assert [path.name for path in company.folder.glob("*.csv")] == ["may.csv"]
    entry = company.json("history", "WX26-000001")["history"][0]
    assert (entry["door"], entry["actor"]) == ("import", "integration")


def test_rejected_rows_come_back_with_line_field_and_reason_and_can_be_sent_again(company: Terminal) -> None:
    sheet(company, rows(imei={1: "12"}, backed_up={2: "否"}))

    first = company.run("intake", "may.csv", *INTAKE, code=1)

    assert "Opened 1 case" in first.stdout
    assert "2 rows were rejected" in first.stdout
    rejected = company.folder / "may.rejected.csv"
    assert [(each["reference"], each["rejected_line"], each["rejected_field"]) for each in read(rejected)] == [
        ("SX-1", "3", "imei"),
        ("SX-2", "4", "backed_up"),
    ]
    assert "found “12”" in read(rejected)[0]["rejected_reason"]

    mended = read(rejected)
    mended[0]["imei"] = IMEIS[1]
    sheet(company, mended, "may.rejected.csv")
    before = rejected.read_bytes()
    second = company.run("intake", "may.rejected.csv", *INTAKE, code=1)

    assert "Opened 1 case" in second.stdout
    assert rejected.read_bytes() == before
    assert [each["reference"] for each in read(company.folder / "may.rejected-2.csv")] == ["SX-2"]


def test_the_rejected_file_speaks_the_language_of_the_run(company: Terminal) -> None:
    sheet(company, rows(symptom={0: ""}))

    shown = company.run("intake", "may.csv", *INTAKE, lang="zh", code=1)

    assert "故障现象：必填" in shown.stdout
    assert read(company.folder / "may.rejected.csv")[0]["rejected_reason"] == "故障现象：必填"


def test_the_same_file_sent_twice_opens_nothing_twice(company: Terminal) -> None:
    sheet(company, rows())
    company.run("intake", "may.csv", *INTAKE)

    again = company.run("intake", "may.csv", *INTAKE)

    assert "Opened 0 cases" in again.stdout
    assert "3 rows had been taken in before" in again.stdout
    assert len(company.json("cases")["cases"]) == 3


def test_a_reference_that_comes_again_with_other_content_is_rejected(company: Terminal) -> None:
    sheet(company, rows())
    company.run("intake", "may.csv", *INTAKE)
    sheet(company, rows(model={1: "另一款"}), "june.csv")

    again = company.run("intake", "june.csv", *INTAKE, code=1)

    assert "“SX-1” was taken in before with other content" in again.stdout
    assert company.json("case", "WX26-000002")["fields"]["model"]["value"] == TICKET["model"]


def test_the_shipped_sheet_gives_sixty_cases_and_more_and_its_faulty_rows_back(company: Terminal) -> None:
    (company.folder / "intake.csv").write_bytes((SHIPPED / "workflows" / "examples" / "intake.csv").read_bytes())

    company.run("intake", "intake.csv", *INTAKE, code=1)

    assert len(company.json("cases", "--limit", "1000")["cases"]) >= 60
    assert 3 <= len(read(company.folder / "intake.rejected.csv")) <= 20
    company.run("verify")


BROKEN = {
    "neither encoding": (b"reference,\xff\xff\x81\n1,\x00\xff", "neither UTF-8 nor GB18030"),
    "empty": (b"", "the file is empty"),
    "ten thousand columns": (",".join(f"c{index}" for index in range(10_000)).encode(), "at most 200 columns, found 10000"),
    "a column that no field has": ("reference,颜色\nSX-1,红".encode(), "“颜色” is not a field of this form"),
    "required columns missing": (b"reference,channel\nSX-1,walk_in", "Required columns are missing: Customer, Mobile"),
    "a quotation mark never closed": (b'reference,channel\nSX-1,"walk_in', "not a valid CSV file"),
    "one column twice": (b"reference,channel,channel\nSX-1,a,b", "“channel” appears twice"),
}


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_sentence_and_opens_nothing(company: Terminal, content: bytes, said: str) -> None:
    (company.folder / "broken.csv").write_bytes(content)

    refused = company.run("intake", "broken.csv", *INTAKE, code=2)

    assert said in refused.stderr
    assert company.json("cases")["cases"] == []
    assert [path.name for path in company.folder.glob("*.csv")] == ["broken.csv"]


def test_a_ragged_row_is_rejected_and_the_others_are_taken_in(company: Terminal) -> None:
    path = sheet(company, rows())
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[2] += ",one too many"
    path.write_text("\n".join(lines), encoding="utf-8")

    result = company.run("intake", "may.csv", *INTAKE, code=1)

    assert "Opened 2 cases" in result.stdout
    assert f"Expected {len(rows()[0])} cells, found {len(rows()[0]) + 1}" in result.stdout


def test_rejected_rows_that_cannot_be_written_are_not_lost_silently(company: Terminal) -> None:
    sheet(company, rows(symptom={0: ""}))
    (company.folder / "may.rejected.csv").mkdir()

    failed = company.run("intake", "may.csv", *INTAKE, code=1)

    assert "2 rows were taken in, but the 1 rejected ones cannot be written" in failed.stderr
    assert "send the same file again" in failed.stderr


MISREAD = {
    "semicolons": ("reference;送修渠道;客户姓名\nSX-1;到店;测试客户甲", "found semicolons"),
    "tabs": ("reference\t送修渠道\t客户姓名", "found tabs"),
    "full-width commas": ("参考号，送修渠道，客户姓名", "found full-width commas"),
    "no reference": (",".join(TICKET), "Required columns are missing: reference."),
}


@pytest.mark.parametrize(("text", "said"), MISREAD.values(), ids=MISREAD)
def test_a_file_that_is_nearly_right_is_told_what_to_do(company: Terminal, text: str, said: str) -> None:
    (company.folder / "may.csv").write_text(text, encoding="utf-8")

    refused = company.run("intake", "may.csv", *INTAKE, code=2).stderr

    assert said in refused
    assert "CSV UTF-8" in refused or "a number of its own" in refused


def test_workflow_start_and_unit_go_by_their_titles_too(company: Terminal) -> None:
    sheet(company, rows())

    company.run("intake", "may.csv", "--workflow", "手机返修", "--start", "受理", "--unit", "手机维修一店")

    assert company.json("case", "WX26-000001")["unit"] == "phone-01"


def test_an_unknown_unit_refuses_the_sheet_and_not_each_row(company: Terminal) -> None:
    sheet(company, rows())

    refused = company.run("intake", "may.csv", *INTAKE[:-1], "phone-1", code=1)

    assert "Did you mean “phone-01”?" in refused.stderr
    assert [path.name for path in company.folder.glob("*.csv")] == ["may.csv"]


def test_a_number_that_a_spreadsheet_has_spoilt_is_recognised(company: Terminal) -> None:
    sheet(company, rows(imei={0: "8.60017E+14"}))

    company.run("intake", "may.csv", *INTAKE, lang="zh", code=1)

    assert "科学记数" in read(company.folder / "may.rejected.csv")[0]["rejected_reason"]


def test_a_rule_that_is_not_met_names_no_field_in_place_of_itself(company: Terminal) -> None:
    sheet(company, rows(sold_on={0: ""}))

    shown = company.run("intake", "may.csv", *INTAKE, code=1).stdout

    assert read(company.folder / "may.rejected.csv")[0]["rejected_field"] == ""
    assert "proof == none" not in shown
    assert "With a proof of purchase its date is needed" in shown


def test_a_cell_too_many_is_kept_for_whoever_mends_it_and_not_taken_in_unseen(company: Terminal) -> None:
    path = sheet(company, rows())
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[2] = lines[2].replace("充不进电", "充不进电,还死机")
    path.write_text("\n".join(lines), encoding="utf-8")
    company.run("intake", "may.csv", *INTAKE, code=1)

    rejected = company.folder / "may.rejected.csv"
    again = company.run("intake", "may.rejected.csv", *INTAKE, code=1)

    assert rejected.read_text(encoding="utf-8-sig").splitlines()[1].startswith(lines[2])
    assert "Opened 0 cases" in again.stdout
    assert "Column 14 has no name, but holds “是”" in again.stdout


def test_rejected_rows_that_somebody_is_mending_are_not_written_over(company: Terminal) -> None:
    sheet(company, rows(imei={1: "12"}))
    company.run("intake", "may.csv", *INTAKE, code=1)
    rejected = company.folder / "may.rejected.csv"
    mended = rejected.read_bytes().replace(b",12,", IMEIS[1].join(",,").encode())
    rejected.write_bytes(mended)

    again = company.run("intake", "may.csv", *INTAKE, code=1)

    assert rejected.read_bytes() == mended
    assert "may.rejected-2.csv" in again.stdout
    company.run("intake", "may.csv", *INTAKE, code=1)
    assert sorted(path.name for path in company.folder.glob("*.csv")) == ["may.csv", "may.rejected-2.csv", "may.rejected.csv"]


def test_one_case_has_one_number(company: Terminal) -> None:
    sheet(company, rows()[:1])

    assert "Opened 1 case (WX26-000001)\n" in company.run("intake", "may.csv", *INTAKE).stdout
