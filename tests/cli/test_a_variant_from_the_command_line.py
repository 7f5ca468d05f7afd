"""A variant on the command line: what it weakens is listed, the whole is printed, and both are published together."""

from __future__ import annotations

from tests.cli.conftest import Terminal
from tests.cli.test_definitions_from_the_command_line import SOUND, written

VARIANT = """\
workflow: key-loan-night
extends: key-loan
version: 1
title: {zh: 夜间借钥匙, en: Key loan by night}
include: [shared/notes]
states:
  asked:
    transitions:
      lend: {by: {add: phone-front-desk}, asks: {add: [note]}}
      wait: {shows: {add: [note]}}
"""
NOTES = "fields:\n  note: {type: text, title: {zh: 备注, en: Note}, lines: 2}\n"


def lay(company: Terminal) -> None:
    (company.folder / "workflows" / "shared").mkdir()
    written(company, NOTES, "shared/notes.yaml")
    written(company, SOUND)
    written(company, VARIANT, "key-loan-night.yaml")


def test_what_a_variant_weakens_is_listed_at_its_place(company: Terminal) -> None:
    lay(company)

    english = company.run("check", "workflows/key-loan-night.yaml", lang="en").stdout
    chinese = company.run("check", "workflows/key-loan-night.yaml", lang="zh").stdout
    (checked,) = company.json("check", "workflows/key-loan-night.yaml")["checked"]

    place = "workflows/key-loan-night.yaml:9:14"
    assert f"key-loan-night weakens key-loan:\n  {place}: “Lend” may also be done by “phone-front-desk”\n" in english
    assert f"key-loan-night 较 key-loan 放宽：\n  {place}: “借出”还可由“phone-front-desk”办理\n" in chinese
    assert checked["extends"] == "key-loan"
    assert [(each["kind"], each["line"], each["column"]) for each in checked["weakened"]] == [("role", 9, 14)]


def test_the_whole_is_printed_with_the_origin_of_each_line(company: Terminal) -> None:
    lay(company)

    lines = company.run("render", "workflows/key-loan-night.yaml").stdout.splitlines()

    whole = {line.split("  # ")[0].rstrip(): line.split("  # ")[1] for line in lines if line}
    assert whole["workflow: key-loan-night"] == "key-loan-night.yaml:1"
    assert whole["owner: phone-supervisor"] == "key-loan.yaml:4"
    assert whole["  note: {type: text, title: {zh: 备注, en: Note}, lines: 2}"] == "notes.yaml:2"
    assert whole["          - phone-front-desk"] == "key-loan-night.yaml:9"


def test_a_variant_is_published_after_or_with_its_base_as_the_whole_that_it_means(company: Terminal) -> None:
    lay(company)

    alone = company.run("publish", "workflows/key-loan-night.yaml", code=1)
    assert "its base key-loan is not published as it stands" in alone.stderr
    together = company.run("publish", "workflows/key-loan-night.yaml", "workflows/key-loan.yaml").stdout
    assert together.count("published") == 2

    assert company.run("render", "key-loan-night").stdout == company.run("render", "workflows/key-loan-night.yaml").stdout
    assert company.run("render", "借钥匙").stdout == SOUND


def test_mistakes_are_shown_instead_of_the_whole(company: Terminal) -> None:
    lay(company)
    written(company, VARIANT.replace("[note]}}\n      wait", "[notes]}}\n      wait"), "key-loan-night.yaml")

    shown = company.run("render", "workflows/key-loan-night.yaml", code=1).stdout
    assert shown.startswith("workflows/key-loan-night.yaml:9:56: error[unknown-field]")
