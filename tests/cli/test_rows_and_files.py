"""Rows from a sheet or as JSON, attachments from the disk and back, and links to cases, on the command line."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.cli.conftest import Terminal
from tests.cli.material import NUMBER, PICTURE, begin


@pytest.fixture
def store(desk: Terminal) -> Terminal:
    """The desk, which may also ask for material."""
    begin(desk)
    return desk


def test_rows_and_files_from_the_disk_and_back(store: Terminal) -> None:
    store.run("open", "answers", "ask", "--as", "cai", "--set", "customer=测试客户甲", "--set", "question=何时能修好")
    given = (
        "--set",
        "lines=@lines.csv",
        "--set",
        "proof=@photo.png",
        "--set",
        "photos=@photo.png, @note.txt",
        "--set",
        "answers=AN26-0001",
    )
    store.run("open", "request", "draft", "--as", "cai", *given)
    store.run(
        "move", NUMBER, "approve", "--as", "sun", "--set", 'Lines=[{"part": "BAT-1", "Approved": 3}, {"物料": "SCR-1", "approved": "2"}]'
    )

    shown = store.run("case", NUMBER).stdout
    assert "Lines\n     Part   Quantity  Approved\n  1  SCR-1  2         2\n  2  BAT-1  4         3\n" in shown
    assert "photo.png (48 B), note.txt (6 B)" in shown
    fields = store.json("case", NUMBER)["fields"]
    assert fields["lines"]["value"] == [
        ["1.1", {"part": "SCR-1", "quantity": 2, "approved": 2}],
        ["1.2", {"part": "BAT-1", "quantity": 4, "approved": 3}],
    ]
    assert (fields["total"]["value"], fields["answers"]["value"], fields["proof"]["value"]["media"]) == (6, "AN26-0001", "image/png")
    assert "申请明细：2 行：SCR-1、2、2；BAT-1、4、3" in store.run("history", NUMBER, lang="zh").stdout

    out = store.folder / "out"
    out.mkdir()
    assert "There are 2 files, and “one.png” is no folder." in store.run("file", NUMBER, "photos", "--to", "one.png", code=2).stderr
    store.run("file", NUMBER, "Photos", "--to", out)
    assert ((out / "photo.png").read_bytes(), (out / "note.txt").read_text(encoding="utf-8")) == (PICTURE, "备注")
    assert "exists already" in store.run("file", NUMBER, "proof", code=2).stderr
    assert store.run("verify").exit_code == 0


def test_a_dry_run_stores_nothing(store: Terminal) -> None:
    given = ("--set", "lines=@lines.csv", "--set", "proof=@photo.png")
    said = store.run("open", "request", "draft", "--as", "cai", *given, "--dry-run").stdout
    assert "photo.png (48 B)" in said
    by_id = ("open", "request", "draft", "--as", "cai", "--set", "lines=@lines.csv", "--set", f"proof={sha256(PICTURE).hexdigest()}")
    assert "was stored" in store.run(*by_id, code=1).stderr
    store.run("open", "request", "draft", "--as", "cai", *given)
    store.run(*by_id)
    assert "“Photos” of case WL26-0001 holds no file." in store.run("file", NUMBER, "photos", code=1).stderr


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ("lines=@missing.csv", 2, "The file “missing.csv” cannot be read: no such file or folder."),
        ("lines=@photo.png", 2, "Expected a CSV sheet in “photo.png”, found image/png."),
        ("lines=@", 2, "Expected the name of a file after “@”, found none."),
        ("proof=@", 2, "Expected the name of a file after “@”, found none."),
        ("proof=@note.txt", 2, "The file cannot be attached: “note.txt” is text/plain by its content, expected: png, pdf."),
        ("proof=" + "0" * 64, 1, "Proof: no file 000000000000… was stored"),
        ("proof=x", 1, "Proof: expected a file, found “x”"),
        ("photos=@photo.png,@note.txt,@lines.csv", 1, "Photos: expected at most 2 files, found 3"),
        ("answers=AN26-9999", 1, "Question: there is no case “AN26-9999”"),
        ("lines=x", 1, "Lines: expected a list of rows, found “x”"),
        ('lines=[{"part": "A"}]', 1, "Lines: row 1, Quantity: must be filled"),
        ('lines=[{"prat": "A", "quantity": 1}]', 1, "Lines: row 1: there is no column “prat”. Did you mean “part”?"),
    ],
)
def test_what_cannot_be_taken_is_a_sentence(store: Terminal, given: str, code: int, said: str) -> None:
    lines = () if given.startswith("lines=") else ("--set", "lines=@lines.csv")
    refused = store.run("open", "request", "draft", "--as", "cai", *lines, "--set", given, code=code)
    assert said in refused.stderr


def test_a_link_goes_to_a_case_of_the_right_process(store: Terminal) -> None:
    store.run("open", "request", "draft", "--as", "cai", "--set", "lines=@lines.csv")
    refused = store.run("open", "request", "draft", "--as", "cai", "--set", "lines=@lines.csv", "--set", f"answers={NUMBER}", code=1)
    assert f"Question: {NUMBER} is a case of “request”, expected one of “answers”" in refused.stderr


def test_an_intake_takes_neither_rows_nor_files(store: Terminal) -> None:
    (store.folder / "many.csv").write_text("reference,lines\n1,SCR-1\n", encoding="utf-8")
    refused = store.run("intake", "many.csv", "--workflow", "request", "--start", "draft", code=2)
    assert "The column “Lines” is for rows or files: a sheet of cases takes neither." in refused.stderr
