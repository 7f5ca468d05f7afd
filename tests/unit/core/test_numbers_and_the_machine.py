"""Case numbers count per remainder; the `transitions` machine holds exactly the edges of the document."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.core.compiled import STAY, CompiledDefinition
from engine.core.machine import BIRTH
from engine.core.number import numbered, remainder
from tests.process import SHANGHAI, codes
from tests.unit.core.shipped import DEFINITIONS

AT = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("pattern", "unit", "number"),
    [
        ("WX{yy}-{seq:06}", None, "WX26-000017"),
        ("{yyyy}{mm}{dd}-{seq}", None, "20260302-17"),
        ("{unit}/{seq:03}".replace("/", "-"), "north-1", "NORTH-1-017"),
        ("X{seq:01}", None, "X17"),
    ],
)
def test_a_number_is_the_pattern_filled_in(pattern: str, unit: str | None, number: str) -> None:
    assert numbered(remainder(pattern, AT, unit), 17) == number


def test_counters_are_kept_apart_by_all_but_the_counter() -> None:
    pattern = "{unit}{yy}-{seq:04}"

    assert len({remainder(pattern, AT, unit) for unit in ("north-1", "south-1", None)}) == 3
    assert remainder(pattern, AT, "north-1") == remainder(pattern, AT.replace(month=12), "north-1")
    assert remainder(pattern, AT, None) != remainder(pattern, AT.replace(year=2027), None)


def test_a_counter_that_outgrows_its_width_gets_wider() -> None:
    assert numbered("P-{seq:02}", 100) == "P-100"


@pytest.mark.parametrize("pattern", ["P-{seq:6}", "P-{seq:00}", "P-{yy}", "P {seq:04}", "P-{seq}-{seq}", "P-{week}-{seq}"])
def test_a_pattern_that_would_number_badly_is_refused(pattern: str) -> None:
    text = "fields: {note: {type: text, title: 备注}}\nstart: {open: {title: 受理, by: desk, to: bench}}\nstates: {bench: {title: 办理, "
    text += "transitions: {end: {title: 结案, by: desk, to: done}}}, done: {title: 完成, final: success}}\n"
    head = 'workflow: parcel\nversion: 1\ntitle: 收件\nowner: boss\norganisation: shop\nnumber: "{}"\n'

    assert codes(head.replace("{}", pattern) + text) == ["bad-case-number"]
    assert codes(head.replace("{}", "P-{seq:04}") + text) == []


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda one: one.workflow)
def test_the_machine_confirms_the_edges_of_the_document_and_no_other(definition: CompiledDefinition) -> None:
    places = [BIRTH, *definition.states]
    steps = {
        *definition.starts,
        *(step for state in definition.states.values() for step in state.steps),
        *(f"to_{name}" for name in places),
    }
    edges = {(BIRTH, step.id, target) for step in definition.starts.values() for target in step.to.values()} | {
        (name, step.id, name if target == STAY else target)
        for name, state in definition.states.items()
        for step in state.steps.values()
        for target in step.to.values()
    }

    confirmed = {
        (source, step, target)
        for source in places
        for step in steps
        for target in [*places, STAY]
        if definition.machine.confirms(source, step, target)
    }

    assert confirmed == edges
