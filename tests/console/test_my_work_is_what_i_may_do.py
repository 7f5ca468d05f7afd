"""In somebody's work stands what he holds or stands in for, what nobody holds and he may carry on, what waits for him by name; no more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from itertools import product

import pytest

from engine.core.command import Assign
from engine.core.compiled import CompiledStep
from engine.core.kind import Value, persons_in
from engine.errors import Unknown
from engine.runtime.attachment import arrived, store
from engine.runtime.substitution import record_delegation
from engine.runtime.tally import WHOSE, Chosen
from engine.runtime.worklist import LOOKED, Work, WorkLine
from engine.store import timers
from engine.store.cases import Filter
from engine.store.worklist import FEW
from roles.delegation import Delegation
from roles.scope import Identity
from tests.console.reception import Reception
from tests.runtime.company import caller, granted
from tests.web.centre import ROLES, START, Centre, make_busy

ALL = Chosen()
PEOPLE = ("amy", "ann", "tom", "sue", "ray", "mia", "ken", "bea", "ted", "tia", "sid", "moe", "abe", "ada")
VERDICT = {"fault": "liquid", "cause": "进水", "verdict_why": "进水标签变红", "remedy": "give_back"}
DIAGNOSIS = {"fault": "charging", "cause": "尾插氧化", "in_warranty": True, "verdict_why": "性能故障", "remedy": "repair"}


@pytest.fixture(scope="module")
def centre(reception: Reception) -> Centre:
    """A busy day, and cases that wait for an inspection, for signatures, for whom they name, for somebody who is lent a role."""
    centre = reception.centre
    make_busy(centre)
    inspected = opened(centre, 11)
    centre.fire(inspected, "take", "ray")
    centre.fire(inspected, "diagnose", "ray", **DIAGNOSIS)
    centre.fire(inspected, "finish", "ray", work_done="换尾插")
    for nth, signers in ((12, ()), (13, ("sue",)), (14, ())):
        number = excluded(centre, nth)
        for signer in signers:
            centre.fire(number, "confirm", signer)
        if nth == 14:
            granted(centre.app.cases.handle(number, Assign("sue"), caller("sue")))
    repaired = opened(centre, 17)
    centre.fire(repaired, "take", "ray")
    centre.fire(repaired, "diagnose", "ray", **DIAGNOSIS)
    granted(centre.app.cases.handle(repaired, Assign("max"), caller("max")))
    put_down = opened(centre, 16)
    centre.fire(put_down, "take", "ray")
    granted(centre.app.cases.handle(put_down, Assign(None), caller("ray")))
    now = centre.app.time.now()
    lent = Delegation("mia", "amy", "phone-supervisor", now, now + timedelta(days=7))
    record_delegation(centre.app.database, ROLES, lent, at=now, by="os:owner", reason="培训")
    return centre


def opened(centre: Centre, nth: int) -> str:
    return centre.opened("amy", imei=f"0010170000001{nth}", mobile=f"128000000{nth}")


def excluded(centre: Centre, nth: int) -> str:
    """A case that waits for signatures."""
    number = opened(centre, nth)
    centre.fire(number, "take", "ray")
    photo = store(centre.app.database, arrived(b"\xff\xd8\xff\xe0", "photo.jpg"), centre.app.time.now())
    centre.fire(number, "exclude", "ray", **VERDICT, photos=[{"id": photo.id, "name": photo.name}])
    return number


def work(centre: Centre, person: str, chosen: Chosen = ALL, *, few: int = FEW, looked: int = LOOKED) -> list[WorkLine]:
    """All of somebody's work, part by part."""
    found: list[WorkLine] = []
    part: Work | None = None
    while part is None or part.following is not None:
        after = part.following if part is not None else None
        part = centre.app.worklist.of(Identity(person), chosen, 3, after, few=few, looked=looked)
        found += part.lines
    return found


def expected(centre: Centre, person: str) -> list[str]:
    """The same by asking of each case, one after the other."""
    persons = centre.app.access(Identity(person)).persons
    found = []
    for line in centre.app.views.page(Filter(is_open=True), 1_000).lines:
        try:
            case, options = centre.app.cases.options(line.line.number, Identity(person))
        except Unknown:
            continue
        steps = centre.app.catalog.by_digest(case.digest).states[case.state].steps
        own = [steps[each.step] for each in options if each.allowed and steps[each.step].path[0] != "anywhere"]
        anyhow = any(step.approvals is not None or names(step, case.data, persons) for step in own)
        if case.assignee in persons or (own if case.assignee is None else anyhow):
            found.append(case)
    with centre.app.database.read() as reader:
        armed = timers.of(reader, [case.id for case in found])
    due = {case.id: [each.due_at for each in armed.get(case.id, ()) if each.due_at is not None] for case in found}
    late = START + timedelta(days=10_000)
    found.sort(key=lambda case: (min(due[case.id], default=late), case.opened_at, case.number))
    return [case.number for case in found]


def names(step: CompiledStep, data: Mapping[str, Value], persons: Collection[str]) -> bool:
    """Whether it is for somebody whom the case names, and that is one of these."""
    return any(right.kind == "field" and not {*persons}.isdisjoint(persons_in(data.get(right.name))) for right in step.by)


def test_everybody_has_exactly_his_work_in_the_order_of_time_left(centre: Centre) -> None:
    wanted = {person: expected(centre, person) for person in PEOPLE}
    for few, looked in product((FEW, 0), (LOOKED, 0)):
        assert {person: [each.view.line.number for each in work(centre, person, few=few, looked=looked)] for person in PEOPLE} == wanted
    assert len({tuple(each) for each in wanted.values()}) > 5
    assert len(wanted["sue"]) > 5


def test_whoever_stands_in_sees_for_whom(centre: Centre) -> None:
    (held,) = work(centre, "sue", Chosen(whose="for"))
    assert (held.mark, held.for_whom, held.view.line.assignee) == ("for", centre.app.directory.roster().people["tom"].name, "tom")
    lent = [each for each in work(centre, "amy") if each.view.line.state == "confirming"]
    assert {each.for_whom for each in lent} == {centre.app.directory.roster().people["mia"].name}
    assert [each.for_whom for each in work(centre, "mia") if each.mark != "pool"] == [None]


def test_what_another_holds_waits_for_those_who_sign(centre: Centre) -> None:
    (held,) = [each for each in work(centre, "mia") if each.mark == "sign"]
    assert held.view.line.assignee == "sue"
    assert [each.step for each in held.steps] == ["confirm"]
    assert not held.steps[0].is_plain
    assert "sign" not in {each.mark for each in work(centre, "ray")}


def test_what_another_holds_waits_for_whom_it_names(centre: Centre) -> None:
    (named,) = [each for each in work(centre, "ray") if each.mark == "named"]
    assert (named.view.line.state, named.view.line.assignee) == ("repairing", "max")
    assert "finish" in {each.step for each in named.steps}
    assert "named" not in {each.mark for each in work(centre, "sue")}


def test_who_did_the_work_is_not_shown_its_inspection(centre: Centre) -> None:
    assert [each.view.line.state for each in work(centre, "sue") if each.view.line.state == "inspecting"] == ["inspecting"]
    assert [each.view.line.state for each in work(centre, "ray") if each.view.line.state == "inspecting"] == []


def test_what_names_somebody_waits_for_him_though_he_has_put_it_down(centre: Centre) -> None:
    (named,) = [each for each in work(centre, "ray") if each.view.line.state == "diagnosing"]
    assert named.mark == "pool"
    assert "diagnosing" not in {each.view.line.state for each in work(centre, "sue") if each.mark == "pool"}


def test_nobody_sees_the_work_of_another_shop(centre: Centre) -> None:
    for person, unit in (("sue", "phone-01"), ("tia", "phone-02")):
        assert {each.view.line.unit for each in work(centre, person)} == {unit}


@pytest.mark.parametrize("few", [FEW, 0])
def test_parts_of_the_work_make_up_the_whole(centre: Centre, few: int) -> None:
    everything = [each.view.line.number for each in work(centre, "sue")]
    by_whose = {whose: [each.view.line.number for each in work(centre, "sue", Chosen(whose=whose), few=few)] for whose in WHOSE}
    assert sorted(number for each in by_whose.values() for number in each) == sorted(everything)
    assert all(by_whose.values())
    late = [each.view.line.number for each in work(centre, "sue", Chosen(is_late=True), few=few)]
    assert late == [each.view.line.number for each in work(centre, "sue") if each.urgency == "late"]
    assert late
    received = Chosen(workflow="phone-repair", state="received", unit="phone-01")
    assert [each.view.line.state for each in work(centre, "sue", received, few=few)][:1] == ["received"]


def test_the_counts_are_those_of_the_list(centre: Centre) -> None:
    for person in ("sue", "amy", "mia", "ray"):
        found = centre.app.worklist.of(Identity(person), ALL, 30)
        lines, tally = found.lines, found.tally
        assert (tally.cases, tally.is_exact) == (len(lines), True)
        assert tally.whose == {whose: len(work(centre, person, Chosen(whose=whose))) for whose in WHOSE}
        assert tally.today is not None
        assert tally.today.late == sum(each.urgency == "late" for each in lines)
        assert tally.today.waiting == sum(each.waits_on is not None for each in lines)


def test_urgency_is_how_much_of_its_time_is_left(centre: Centre) -> None:
    fresh = opened(centre, 15)
    marks = []
    for hours in (0, 1, 2, 3, 30):
        centre.app.move_time(centre.app.time.now() + timedelta(hours=hours))
        line = next(each for each in work(centre, "sue") if each.view.line.number == fresh)
        marks.append(line.urgency)
    assert marks[0] == "calm"
    assert marks[-1] == "late"
    assert marks == sorted(marks, key=["calm", "soon", "late"].index)
