"""Scenarios on the command line: what they cover, which rules they would miss, and a percentage that they must reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands.display.adequacy import Assessment, assess
from commands.display.definition import Reading
from commands.display.scenario import Rehearsal
from commands.speech import language, speak
from engine.authoring.diagnostic import has_errors
from engine.authoring.library import read_library
from engine.authoring.organisation import read_roles
from engine.authoring.scenario.repertoire import read_repertoire
from engine.settings import SHIPPED
from tests.cli.conftest import Terminal
from tests.process import SHANGHAI

PROCESS = """\
workflow: key-loan
version: 1
title: {zh: 借钥匙, en: Key loan}
owner: phone-supervisor
organisation: phone
number: "JY{yy}-{seq:04}"
fields:
  room: {type: text, title: {zh: 房间, en: Room}}
start:
  ask: {title: {zh: 申请, en: Ask}, by: phone-front-desk, asks: room, to: asked}
states:
  asked:
    title: {zh: 已申请, en: Asked}
    transitions:
      lend: {title: {zh: 借出, en: Lend}, by: phone-supervisor, shows: room, to: lent}
      drop: {title: {zh: 不借, en: Drop}, by: phone-supervisor, reason: required, to: dropped}
  lent: {title: {zh: 已借出, en: Lent}, final: success}
  dropped: {title: {zh: 未借, en: Not lent}, final: failure}
"""

STORIES = """\
workflow: key-loan
people: {amy: phone-front-desk, max: phone-supervisor}
scenarios:
  - name: {zh: 借出, en: Lent}
    at: "2026-09-28 09:00"
    steps:
      - {do: ask, by: max, with: {room: A1}, refused: not_authorised}
      - {do: ask, by: amy, with: {}, refused: data_invalid}
      - {do: ask, by: amy, with: {room: A1}}
      - {do: lend, by: amy, refused: not_authorised}
      - {do: lend, by: max, expect: {state: lent}}
"""

DROPPED = """\
  - name: {zh: 不借, en: Not lent}
    at: "2026-09-28 09:00"
    steps:
      - {do: ask, by: amy, with: {room: A1}}
      - {do: drop, by: amy, reason: 无钥匙, refused: not_authorised}
      - {do: drop, by: max, refused: data_invalid}
      - {do: drop, by: max, reason: 无钥匙, expect: {state: dropped}}
"""

EXPLAINED = """\
unnoticed:
  - {change: asked.drop/reason-dropped, why: {zh: 口头说明即可, en: It is enough to say it}}
  - {change: asked.drop/right-widened/phone-front-desk, why: {zh: 前台也可以, en: The front desk may too}}
"""


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    before = language()
    speak("en")
    yield
    speak(before)


def written(folder: Path, stories: str) -> Path:
    (folder / "key-loan.yaml").write_text(PROCESS, encoding="utf-8")
    path = folder / "key-loan.scenarios.yaml"
    path.write_text(stories, encoding="utf-8")
    return path


def assessed(folder: Path, stories: str, *, coverage: bool = False, mutation: bool = False) -> Assessment:
    """What the command makes of these stories, with nothing but this process around."""
    path = written(folder, stories)
    registry, _, _ = read_roles([SHIPPED / "roles"])
    library = read_library([folder / "key-loan.yaml"], registry, [])
    assert not has_errors(library.diagnostics)
    reading = Reading(library, library.diagnostics, {}, is_empty=False)
    rehearsal = Rehearsal(reading, read_repertoire([path], library.checked, registry, SHANGHAI), SHANGHAI)
    return assess(rehearsal, rehearsal.run(), coverage=coverage, mutation=mutation)


def test_gaps_stand_at_their_lines_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = assessed(tmp_path, STORIES, coverage=True)

    found.show()
    shown = capsys.readouterr().out
    assert "Transitions  █████████████░░░░░░░  2/3      66.6 %" in shown
    assert f"{tmp_path}/key-loan.yaml:16  no scenario performs “Drop” in “Asked”" in shown
    speak("zh")
    found.show()
    assert f"{tmp_path}/key-loan.yaml:16  没有场景在“已申请”执行“不借”" in capsys.readouterr().out


def test_survivors_stand_at_their_lines_with_their_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = assessed(tmp_path, STORIES, mutation=True)

    found.show()
    shown = capsys.readouterr().out
    assert "Mutation of key-loan: 60.0 % – 3 of 5 mutants killed, 2 survived, 0 explained" in shown
    assert f"{tmp_path}/key-loan.yaml:16  nobody would notice if “Drop” needed no reason\n    asked.drop/reason-dropped\n" in shown
    speak("zh")
    found.show()
    assert "没有场景会发现：“不借”不用写明原因" in capsys.readouterr().out


def test_whole_stories_are_enough_for_every_percentage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = assessed(tmp_path, STORIES + DROPPED, coverage=True, mutation=True)

    found.show()
    shown = capsys.readouterr().out
    assert "no scenario" not in shown
    assert "nobody would notice" not in shown
    assert found.is_enough(100)


def test_half_of_the_stories_are_enough_for_less(tmp_path: Path) -> None:
    covered = assessed(tmp_path, STORIES, coverage=True)
    scored = assessed(tmp_path, STORIES, mutation=True)

    assert (covered.is_enough(66), covered.is_enough(67)) == (True, False)
    assert (scored.is_enough(60), scored.is_enough(61)) == (True, False)


def test_explained_survivors_are_counted_and_shown_by_themselves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = assessed(tmp_path, STORIES + EXPLAINED, mutation=True)

    found.show()
    shown = capsys.readouterr().out
    assert "explained: It is enough to say it" in shown
    assert "60.0 % – 3 of 5 mutants killed, 0 survived, 2 explained" in shown
    assert found.is_enough(60)


def test_an_explanation_of_what_is_noticed_is_never_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = assessed(tmp_path, STORIES + DROPPED + EXPLAINED, mutation=True)

    found.show()
    shown = capsys.readouterr().out
    assert (
        f"{tmp_path}/key-loan.scenarios.yaml:20  a scenario notices the mutant “asked.drop/reason-dropped”. Delete this explanation."
        in shown
    )
    assert not found.is_enough(0)


def test_a_process_with_a_failing_story_has_no_score(tmp_path: Path) -> None:
    found = assessed(tmp_path, STORIES.replace("{state: lent}", "{state: dropped}"), mutation=True)

    assert [each.score for each in found.processes] == [None]


def test_programs_are_answered_the_same(tmp_path: Path) -> None:
    found: dict[str, Any] = assessed(tmp_path, STORIES, coverage=True, mutation=True).as_json()

    covered, scored = found["coverage"]["key-loan"], found["mutation"]["key-loan"]
    assert covered["families"]["states"] == {"covered": 2, "total": 3, "percent": 66.7}
    assert {"from": "asked", "step": "drop", "to": "dropped", "times": 0} in covered["transitions"]
    assert (covered["missing"][0]["line"], covered["missing"][0]["sentence"]["en"]) == (18, "no scenario enters “Not lent”")
    assert (scored["killed"], scored["survived"]) == (3, 2)
    assert "asked.drop/reason-dropped" in {each["id"] for each in scored["survivors"]}


def test_nothing_that_was_not_asked_for_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = assessed(tmp_path, STORIES)

    found.show()
    assert capsys.readouterr().out == ""
    assert found.as_json() == {}
    assert found.is_enough(100)


def test_the_command_fails_below_the_percentage(terminal: Terminal) -> None:
    path = written(terminal.folder, STORIES)

    assert "2 survived" in terminal.run("test", path, "--coverage", "--mutation", "--least", 90, code=1).stdout
