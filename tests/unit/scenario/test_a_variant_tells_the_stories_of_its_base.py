"""The stories of a base are told of its variants too, but for those that a variant leaves out with a reason."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.authoring.library import Library, read_library
from engine.authoring.scenario.repertoire import Repertoire, read_repertoire
from engine.authoring.scenario.running import run_file
from engine.authoring.scenario.telling import failure_in_words
from tests.process import ROLES, tidy, written

ZONE = ZoneInfo("Asia/Shanghai")
BASE = """workflow: loan
version: 1
title: 借用
owner: boss
organisation: shop
number: "L{yy}-{seq:04}"
fields:
  room: {type: text, title: 房间}
start:
  ask: {title: 申请, by: desk, asks: room, to: asked}
states:
  asked:
    title: 已申请
    transitions:
      lend: {title: 借出, by: boss, shows: [room], to: lent}
      drop: {title: 作罢, by: desk, to: dropped}
  lent: {title: 已借出, final: success}
  dropped: {title: 已作罢, final: abandoned}
"""
STORIES = """workflow: loan
people: {ann: desk, max: boss}
scenarios:
  - name: {zh: 作罢, en: Dropped}
    at: "2026-09-28 09:00"
    steps:
      - {do: ask, by: ann, with: {room: 甲}}
      - {do: drop, by: ann, expect: {state: dropped}}
  - name: {zh: 借出, en: Lent}
    at: "2026-09-28 09:00"
    steps:
      - {do: ask, by: ann, with: {room: 甲}}
      - {do: lend, by: ann, refused: not_authorised}
      - {do: lend, by: max, expect: {state: lent}}
"""
VARIANT = """workflow: loan-night
extends: loan
version: 1
title: 夜间借用
"""
GONE = "states: {asked: {transitions: {drop: remove}}, dropped: remove}\n"
LEFT_OUT = "except_scenarios: [{scenario: {name}, why: {zh: 夜间不作罢, en: Nobody drops at night}}]\n"


def read(folder: Path, variant: str, more: dict[str, str] | None = None) -> Library:
    texts = {"loan.yaml": written(BASE), "loan.scenarios.yaml": STORIES, "loan-night.yaml": written(variant), **(more or {})}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tidy(read_library([folder], ROLES, []))


def told(folder: Path, library: Library) -> list[tuple[str, str, bool]]:
    """Of each story: what it was told of, its name, and whether it came out as it says."""
    repertoire: Repertoire = read_repertoire([folder / "loan.scenarios.yaml"], library.checked, ROLES, ZONE)
    assert repertoire.diagnostics == ()
    files = [run_file(each.script, repertoire.setting, on=each.workflow) for each in repertoire.performances]
    return [(each.workflow, run.title.en, run.passed) for each in files for run in each.runs]


def test_every_story_is_told_of_the_variant_too(tmp_path: Path) -> None:
    library = read(tmp_path, VARIANT)

    assert library.diagnostics == ()
    assert told(tmp_path, library) == [
        ("loan", "Dropped", True),
        ("loan", "Lent", True),
        ("loan-night", "Dropped", True),
        ("loan-night", "Lent", True),
    ]


def test_a_story_that_does_not_hold_fails_unless_it_is_left_out(tmp_path: Path) -> None:
    assert ("loan-night", "Dropped", False) in told(tmp_path, read(tmp_path, VARIANT + GONE))


def test_a_failure_says_of_which_variant_the_story_was_told_and_how_to_leave_it_out(tmp_path: Path) -> None:
    library = read(tmp_path, VARIANT + GONE)
    repertoire = read_repertoire([tmp_path / "loan.scenarios.yaml"], library.checked, ROLES, ZONE)
    performance = repertoire.performances[-1]
    failed = run_file(performance.script, repertoire.setting, on=performance.workflow).runs[0]

    heading, *_, last = failure_in_words(failed, ZONE)

    assert heading.en.endswith(": Dropped (the variant “loan-night”)")
    assert last.en == "  If this does not hold for “loan-night”, list it in its “except_scenarios”, with the reason."


@pytest.mark.parametrize("name", ["作罢", "Dropped"])
def test_a_story_is_left_out_by_its_name_in_either_language(tmp_path: Path, name: str) -> None:
    library = read(tmp_path, VARIANT + GONE + LEFT_OUT.replace("{name}", name))

    assert library.diagnostics == ()
    assert [each for each in told(tmp_path, library) if each[0] == "loan-night"] == [("loan-night", "Lent", True)]


def test_the_place_of_a_story_stays_that_in_the_file_of_the_base(tmp_path: Path) -> None:
    library = read(tmp_path, VARIANT + GONE + LEFT_OUT.replace("{name}", "Dropped"))
    repertoire = read_repertoire([tmp_path / "loan.scenarios.yaml"], library.checked, ROLES, ZONE)

    (run,) = run_file(repertoire.performances[-1].script, repertoire.setting, on="loan-night").runs

    assert (run.file, run.span.line) == (str(tmp_path / "loan.scenarios.yaml"), 9)


def test_what_one_variant_leaves_out_its_own_variant_does_not_inherit(tmp_path: Path) -> None:
    third = VARIANT.replace("workflow: loan-night", "workflow: loan-dawn").replace("extends: loan", "extends: loan-night")

    library = read(tmp_path, VARIANT + GONE + LEFT_OUT.replace("{name}", "Dropped"), {"loan-dawn.yaml": written(third)})

    assert [each for each in told(tmp_path, library) if each[0] == "loan-dawn"] == [("loan-dawn", "Lent", True)]


def test_an_unknown_story_is_told_with_the_nearest(tmp_path: Path) -> None:
    (one,) = read(tmp_path, VARIANT + LEFT_OUT.replace("{name}", "Droped")).diagnostics

    assert (one.code, one.span.line, one.span.column) == ("unknown-scenario", 5, 31)
    assert one.way_out is not None
    assert one.way_out.en == "Did you mean “Dropped”?"


def test_a_story_that_the_base_left_out_is_none_to_leave_out_again(tmp_path: Path) -> None:
    left_out = LEFT_OUT.replace("{name}", "Dropped")
    third = VARIANT.replace("workflow: loan-night", "workflow: loan-dawn").replace("extends: loan", "extends: loan-night")

    library = read(tmp_path, VARIANT + GONE + left_out, {"loan-dawn.yaml": written(third + left_out)})

    assert [(one.code, Path(one.file).name) for one in library.diagnostics] == [("unknown-scenario", "loan-dawn.yaml")]
