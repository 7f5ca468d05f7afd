"""A workflow drawn from the command line: in words, as SVG, for Mermaid, in the browser, and with what its scenarios take."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.settings import SHIPPED
from tests.cli.conftest import Terminal
from tests.cli.test_definitions_from_the_command_line import SOUND, written

CALLBACK = SHIPPED / "workflows" / "phone" / "phone-callback.yaml"


def test_it_is_drawn_in_words_in_the_language_spoken(company: Terminal) -> None:
    path = written(company, SOUND)

    chinese, english = (company.run("diagram", path, lang=lang).stdout.splitlines() for lang in ("zh", "en"))

    assert chinese[0] == "借钥匙（key-loan，第 1 版）"
    assert "    借出  → 已借出  售后主管" in chinese
    assert english[0] == "Key loan (key-loan, version 1)"
    assert "Lend → Lent After-sales supervisor" in [" ".join(line.split()) for line in english]


def test_a_file_is_written_in_the_form_that_its_name_ends_with(company: Terminal) -> None:
    for name, begins in (("a.svg", "<svg "), ("a.mmd", "---\ntitle:"), ("a.txt", "Callback after repair (")):
        company.run("diagram", "phone-callback", "--output", company.folder / name)

        assert (company.folder / name).read_text(encoding="utf-8").startswith(begins)
    company.run("diagram", "phone-callback", "--output", company.folder / "b.svg", "--format", "mermaid")
    assert "flowchart TD" in (company.folder / "b.svg").read_text(encoding="utf-8")


def test_where_no_browser_is_it_is_shown_in_words_and_the_picture_is_kept(company: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")

    shown = company.run("diagram", "phone-callback", "--open", "--output", company.folder / "seen.svg")

    assert shown.stdout.startswith("Callback after repair (phone-callback, version 1)\n")
    assert shown.stdout.rstrip().endswith("seen.svg")
    assert "There is no browser here." in shown.stderr
    ElementTree.parse(company.folder / "seen.svg")


@pytest.mark.reliability
def test_the_browser_is_given_the_picture(company: Terminal) -> None:
    seen = company.folder / "seen"

    opened = company.program("diagram", "phone-callback", "--open", env={"BROWSER": f"sh -c 'echo $0 > {seen}' %s"})

    made = Path(opened.stdout.decode().strip())
    assert opened.returncode == 0, opened.stderr
    assert seen.read_text(encoding="utf-8").strip() == made.as_uri()
    assert made.read_text(encoding="utf-8").startswith("<svg ")
    made.unlink()


def test_only_an_svg_is_opened(company: Terminal) -> None:
    assert "What --open opens is an SVG." in company.run("diagram", "phone-callback", "--open", "--format", "mermaid", code=2).stderr


def test_what_the_scenarios_take_is_marked(company: Terminal) -> None:
    drawn = company.run("diagram", CALLBACK, "--coverage", "--format", "svg")

    assert "scenarios were run" in drawn.stderr
    assert "failed" not in drawn.stderr
    assert 'class="covered-line"' in drawn.stdout
    assert "×1" in drawn.stdout


def test_coverage_is_that_of_a_file(company: Terminal) -> None:
    assert "Name that file." in company.run("diagram", "phone-callback", "--coverage", code=2).stderr


def test_a_file_of_something_else_is_no_drawing(company: Terminal) -> None:
    stories = CALLBACK.with_suffix(".scenarios.yaml")

    for command in (("diagram", stories), ("diagram", stories, "--coverage"), ("render", stories)):
        assert "is not the file of a workflow." in company.run(*command, code=2).stderr
