"""Definitions on the command line: checked with every mistake at its place, published all or none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.settings import SHIPPED
from tests.cli.conftest import Terminal

pytestmark = pytest.mark.reliability  # takes its time

SOUND = """\
workflow: key-loan
version: 1
title: {zh: 借钥匙, en: Key loan}
owner: phone-supervisor
organisation: phone
number: "JY{yy}-{seq:04}"
fields:
  room: {type: text, title: {zh: 房间, en: Room}}
start:
  ask: {title: {zh: 申请, en: "Ask: now; #1"}, by: phone-front-desk, asks: room, to: asked}
states:
  asked:
    title: {zh: 已申请, en: 'Asked "today"'}
    transitions:
      lend: {title: {zh: 借出, en: Lend}, shows: room, by: phone-supervisor, to: done}
      wait: {title: {zh: 等待, en: Wait}, by: phone-supervisor, to: stay}
  done: {title: {zh: 已借出, en: Lent}, final: success}
anywhere:
  cancel: {title: {zh: 取消, en: Cancel}, by: phone-supervisor, to: done}
"""


def written(company: Terminal, text: str, name: str = "key-loan.yaml") -> Path:
    """A definition of the company's own."""
    path = company.folder / "workflows" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_company_s_own_definitions_and_the_shipped_ones_are_checked(company: Terminal) -> None:
    written(company, SOUND)

    checked = company.json("check")

    assert [each["workflow"] for each in checked["checked"]] == [
        "key-loan",
        "dealer-callback",
        "dealer-parts-order",
        "dealer-quality-inspection",
        "dealer-repair-change",
        "dealer-service-visit-nev",
        "dealer-service-visit",
        "phone-callback",
        "phone-material-outbound",
        "phone-repair",
    ]
    assert checked["checked"][0]["file"] == "workflows/key-loan.yaml"
    assert checked["diagnostics"] == []


def test_a_file_of_the_company_stands_for_the_shipped_one_of_the_same_name(company: Terminal) -> None:
    shipped = (SHIPPED / "workflows" / "phone" / "phone-repair.yaml").read_text(encoding="utf-8")
    written(company, shipped.replace("version: 3", "version: 4", 1), "phone-repair.yaml")

    assert "phone-repair               v4       published" in company.run("publish").stdout
    assert company.json("check")["checked"][0]["version"] == 4


def test_mistakes_are_shown_with_place_excerpt_and_way_out(company: Terminal) -> None:
    path = written(company, SOUND.replace("by: phone-supervisor, to: done}\n      wait", "by: phone-supervizor, to: dome}\n      wait"))

    shown = company.run("check", path, code=1).stdout
    told = company.json("check", path, code=1)["diagnostics"]

    place = re.search(rf"^{re.escape(str(path))}:15:(\d+): error\[", shown, re.MULTILINE)
    assert place is not None
    assert "Did you mean “phone-supervisor”?" in shown
    assert "^^^^" in shown
    assert "2 errors" in shown
    assert {each["line"] for each in told} == {15}
    assert "2 处错误" in company.run("check", path, lang="zh", code=1).stdout


SLIPS = {
    "a list without brackets": ("asks: room,", "asks: 'room, floor?',", "Write “[room, floor?]”."),
    "a flag where a word belongs": ("lend: {title", "lend: {reason: yes, title", "Write “required”."),
}


@pytest.mark.parametrize(("right", "wrong", "said"), SLIPS.values(), ids=SLIPS)
def test_a_beginner_s_slip_is_answered_with_how_it_is_written(company: Terminal, right: str, wrong: str, said: str) -> None:
    assert SOUND.count(right) == 1
    path = written(company, SOUND.replace(right, wrong))

    assert said in company.run("check", path, code=1).stdout


def test_nothing_is_published_when_one_of_them_does_not_hold(company: Terminal) -> None:
    written(company, SOUND)
    written(company, SOUND.replace("key-loan", "card-loan").replace("JY", "KA").replace("to: stay", "to: stray"), "card-loan.yaml")

    refused = company.run("publish", code=1)

    assert "stray" in refused.stdout
    assert "no published workflow “key-loan”" in company.run("diagram", "key-loan", code=1).stderr


def test_other_text_under_a_published_number_is_refused_with_the_next_number(company: Terminal) -> None:
    path = written(company, SOUND)
    company.run("publish")
    path.write_text(SOUND.replace("to: stay", "to: done"), encoding="utf-8")

    refused = company.run("publish", code=1)

    assert "the next number is 2" in refused.stderr
    path.write_text(SOUND.replace("to: stay", "to: done").replace("version: 1", "version: 2"), encoding="utf-8")
    assert "v2" in company.run("publish", path).stdout


def test_a_folder_without_definitions_is_no_error(company: Terminal) -> None:
    (company.folder / "empty").mkdir()

    assert "No workflow files (*.yaml) were found." in company.run("check", "empty").stdout
    assert "没有找到流程文件" in company.run("publish", "empty", lang="zh").stdout
