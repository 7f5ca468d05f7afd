"""The language reference says what is so: every example in it is checked, every expression evaluated, every raw value read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import cast, get_args
from zoneinfo import ZoneInfo

import pytest

from engine.authoring import not_yet
from engine.authoring.checks.text import ALWAYS, OF_A_CLOCK
from engine.authoring.document import read
from engine.authoring.loader import load
from engine.authoring.scenario.running import run_file
from engine.authoring.scenario.telling import failure_in_words
from engine.authoring.shelf import Part
from engine.core.case import Performance
from engine.core.compiled import CompiledDefinition
from engine.core.expression import FUNCTIONS, KEYWORDS, ROW_FUNCTIONS, Environment, Expression
from engine.core.expression import read as read_expression
from engine.core.facts import Facts
from engine.core.field import FieldRule, Unreadable
from engine.core.form import Ask, Form
from engine.core.kind import Kind, Value
from engine.core.showing import show
from engine.definition.calendar import CalendarFile
from engine.definition.clock import Clock, Rung
from engine.definition.element import Element
from engine.definition.field import Field
from engine.definition.organisation import PeopleFile, RoleFile
from engine.definition.scenario import Earlier, Expectation, Scenario, ScenarioFile, StartingIn, Step
from engine.definition.sharing import WorkflowFile
from engine.definition.state import State
from engine.definition.step import Anywhere
from engine.timing.deadline import deadline
from engine.timing.interval import Interval
from engine.timing.period import Period, Unit
from notifications import render
from notifications.template import Template
from roles.actor import Actor, Grant
from tests.docs.checking import CALENDARS, LANGUAGE, base, check, diagnostics_of, scenarios, setting
from tests.docs.pages import Example, examples

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 28, 9, 30, tzinfo=ZONE).astimezone(UTC)
PEOPLE = {name: frozenset({Grant("phone-repair-tester")}) for name in ("tom", "sue")}
FACTS = Facts(NOW, Actor("tom", "person"), ZONE, people=PEOPLE)
RECEIVED = Performance("receive", "amy", None, datetime(2026, 9, 28, 9, 0, tzinfo=ZONE).astimezone(UTC))

CHECKED = [example for kind in ("workflow", "fragment", "variant", "scenarios", *CALENDARS) for example in examples(LANGUAGE, "yaml", kind)]
OTHERS: dict[str, type[Element]] = {"roles": RoleFile, "people": PeopleFile}


@dataclass(frozen=True, slots=True)
class Line:
    """One line `WRITTEN → RESULT` of an example, and the values given above it."""

    place: str
    written: str
    result: str
    given: tuple[tuple[str, str], ...]


def lines(kind: str) -> list[Line]:
    found: list[Line] = []
    for example in examples(LANGUAGE, kind):
        given: list[tuple[str, str]] = []
        for number, text in enumerate(example.text.splitlines(), example.line + 1):
            if text.startswith("given "):
                name, _, raw = text.removeprefix("given ").partition("=")
                given.append((name.strip(), raw.strip()))
            else:
                written, arrow, result = text.rpartition("→")
                assert arrow, f"line {number} has no result"
                found.append(Line(f"{number} {written.strip()}", written.strip(), result.strip(), tuple(given)))
    return found


def definition() -> CompiledDefinition:
    (checked,) = check(base()).checked
    return checked.compiled


def shown(value: Value | None, kind: Kind) -> str:
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return str(value).lower()
    return value if kind.name == "choice" and isinstance(value, str) else show(value, kind, None, ZONE).en


@pytest.mark.parametrize("example", [one for one in CHECKED if one.refused is None], ids=str)
def test_a_right_example_has_no_mistake(example: Example) -> None:
    assert [(one.code, one.sentence.en) for one in diagnostics_of(example)] == []


@pytest.mark.parametrize("example", [one for one in CHECKED if one.refused is not None], ids=str)
def test_a_wrong_example_has_the_mistake_it_shows(example: Example) -> None:
    assert [one.code for one in diagnostics_of(example)] == [example.refused]


@pytest.mark.parametrize("example", [one for kind in OTHERS for one in examples(LANGUAGE, "yaml", kind)], ids=str)
def test_role_and_people_files_are_read(example: Example) -> None:
    file, diagnostics = load(read(example.text.encode(), example.page), OTHERS[example.info[1]])

    assert diagnostics == ()
    assert file is not None


@pytest.mark.parametrize("example", examples(LANGUAGE, "yaml", "scenarios"), ids=str)
def test_every_story_comes_out_as_it_says(example: Example) -> None:
    script, _ = scenarios(example)
    assert script is not None

    told = run_file(script, setting())

    assert [line.en for run in told.runs if run.failures for line in failure_in_words(run, ZONE)] == []


def test_every_word_of_a_story_stands_in_the_reference() -> None:
    text = LANGUAGE.read_text(encoding="utf-8").partition("\n## Scenarios\n")[2].partition("\n## ")[0]
    models = (ScenarioFile, Scenario, StartingIn, Earlier, Expectation, *(get_args(each)[0] for each in get_args(get_args(Step)[0])))
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}

    assert {"do", "told", "ends", "done"} <= keys
    assert sorted(key for key in keys if not re.search(rf"[`{{ ]{key}[:`,}}]", text)) == []


@pytest.mark.parametrize("example", examples(LANGUAGE, "yaml", "part"), ids=str)
def test_a_shared_part_is_without_fault(example: Example) -> None:
    assert Part.of(read(example.text.encode(), example.page)).diagnostics == ()


@pytest.mark.parametrize("example", examples(LANGUAGE, "jinja", "template"), ids=str)
def test_a_template_holds_what_is_allowed_or_is_refused(example: Example) -> None:
    faults = render.check(Template("甲", example.text, "A", example.text), {**ALWAYS, **OF_A_CLOCK, "amount": frozenset()})

    assert {fault.code for fault in faults} == ({example.refused} if example.refused else set())


def test_every_part_of_a_template_variable_is_explained() -> None:
    text = LANGUAGE.read_text(encoding="utf-8")
    parts = [f"{name}.{part}" for name, parts in {**ALWAYS, **OF_A_CLOCK}.items() for part in parts]

    assert [part for part in parts if f"`{part}`" not in text] == []


def test_every_yaml_block_says_what_it_is() -> None:
    known = {"workflow", "fragment", "variant", "part", "scenarios", *OTHERS, *CALENDARS}

    assert [str(one) for one in examples(LANGUAGE, "yaml") if one.info[1:2] == () or one.info[1] not in known] == []


@pytest.mark.parametrize("line", lines("expression"), ids=lambda line: line.place)
def test_an_expression_gives_what_is_written_beside_it(line: Line) -> None:
    compiled = definition()
    asked = Form(tuple(Ask.of(compiled.fields[name], optional=False) for name, _ in line.given))
    data, faults = asked.fill(dict(line.given), {}, FACTS, (), seq=1)
    assert [fault.sentence.en for fault in faults] == []
    environment = Environment(
        data={name: value for name, value in data.items() if value is not None},
        actor="tom",
        acting=frozenset(),
        performed=(RECEIVED,),
        assignee=None,
        unit=None,
        number="WX26-000001",
        now=NOW,
        zone=ZONE,
        case_id="example",
        visit=1,
        sampling_key=b"example",
        calendar=compiled.calendars["service-hours"],
    )

    expression = read_expression(line.written, compiled.scope)

    assert isinstance(expression, Expression), expression
    assert shown(expression.evaluate(environment), expression.kind) == line.result


@pytest.mark.parametrize("line", lines("raw"), ids=lambda line: line.place)
def test_a_raw_value_is_read_as_the_table_says(line: Line) -> None:
    match = re.fullmatch(r'([a-z]+) +"(.*)"', line.written)
    assert match, line.written
    rule: FieldRule = next(rule for rule in definition().fields.values() if rule.type == match[1])

    try:
        result = shown(rule.read(match[2], FACTS, ()), rule.kind)
    except Unreadable:
        result = "refused"

    assert result == line.result


@pytest.mark.parametrize("line", lines("deadline"), ids=lambda line: line.place)
def test_a_length_of_time_is_due_when_it_says(line: Line) -> None:
    match = re.fullmatch(r"([0-9]+)([a-z]+) +from (.{16})(?: paused (.{16}) to (.{16}))?", line.written)
    assert match, line.written
    count, unit, start, *pause = match.groups()
    began, *paused = (datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (start, *pause) if text is not None)

    due = deadline(
        began, Period(int(count), cast(Unit, unit)), definition().calendars["service-hours"], [Interval(*paused)] if paused else []
    )

    assert due is not None
    local = due.at.astimezone(ZONE)
    is_end_of_day = local.time() == time()
    found = f"{local - timedelta(days=1):%Y-%m-%d} 24:00" if is_end_of_day else f"{local:%Y-%m-%d %H:%M}"
    assert found == line.result


def test_every_key_stands_in_the_reference() -> None:
    text = LANGUAGE.read_text(encoding="utf-8")
    keys = [
        field.alias or name
        for model in (WorkflowFile, State, Anywhere, Field, Clock, Rung, CalendarFile)
        for name, field in model.model_fields.items()
    ]

    assert [key for key in keys if f"`{key}`" not in text] == []


def test_every_word_that_is_not_yet_supported_is_listed() -> None:
    listed = LANGUAGE.read_text(encoding="utf-8").partition("## Not yet supported")[2]
    words = {word for of_model in not_yet.KEYS.values() for word in of_model}

    assert sorted(word for word in words if f"`{word}`" not in listed) == []


def test_every_function_and_word_of_the_grammar_is_explained() -> None:
    text = LANGUAGE.read_text(encoding="utf-8")

    assert [name for name in (*FUNCTIONS, *ROW_FUNCTIONS) if f"`{name}(" not in text] == []
    assert [word for word in sorted(KEYWORDS) if f"`{word}`" not in text] == []
