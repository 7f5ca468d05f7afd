"""A template is a folder of four files; the nearest folder that has it wins, and what cannot be read is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import Misuse
from notifications.library import SHIPPED, find, names
from notifications.template import Template

PARTS = ("subject.zh", "body.zh", "subject.en", "body.en")


def write(folder: Path, name: str, mark: str) -> None:
    (folder / name).mkdir(parents=True)
    for part in PARTS:
        (folder / name / f"{part}.txt.j2").write_text(f"{mark} {part}\n", encoding="utf-8")


def test_the_nearest_folder_wins(tmp_path: Path) -> None:
    write(tmp_path / "near", "overdue", "near")
    write(tmp_path / "far", "overdue", "far")
    write(tmp_path / "far", "eta-changed", "far")
    folders = [tmp_path / "near", tmp_path / "far", tmp_path / "absent"]

    assert find("overdue", folders) == Template("near subject.zh\n", "near body.zh\n", "near subject.en\n", "near body.en\n")
    assert find("eta-changed", folders) == Template("far subject.zh\n", "far body.zh\n", "far subject.en\n", "far body.en\n")
    assert names(folders) == ("eta-changed", "overdue")


@pytest.mark.parametrize("name", ["nothing", "", ".", "..", "../templates", "due-soon/", "Due-Soon", "due_soon", "/etc", "due-soon\n"])
def test_a_name_that_is_none_finds_nothing(name: str) -> None:
    assert find(name, [SHIPPED]) is None


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write(tmp_path, "overdue", "x")
    (tmp_path / "overdue" / "body.en.txt.j2").unlink()

    with pytest.raises(Misuse) as refusal:
        find("overdue", [tmp_path])
    assert "body.en.txt.j2” cannot be read: no such file or folder." in refusal.value.sentence.en


def test_another_encoding_is_said(tmp_path: Path) -> None:
    write(tmp_path, "overdue", "x")
    (tmp_path / "overdue" / "body.zh.txt.j2").write_bytes("逾期".encode("gb18030"))

    with pytest.raises(Misuse, match="to be UTF-8, found other bytes"):
        find("overdue", [tmp_path])


def test_a_mark_at_the_beginning_of_a_file_is_no_text(tmp_path: Path) -> None:
    write(tmp_path, "overdue", "x")
    (tmp_path / "overdue" / "body.zh.txt.j2").write_bytes(b"\xef\xbb\xbf" + "逾期".encode())

    template = find("overdue", [tmp_path])

    assert template is not None
    assert template.body_zh == "逾期"
