"""The people registered are asked whether they can finish a process: each rule that keeps persons apart or ties them together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from engine.authoring.checks.people import check_people
from engine.authoring.checks.people.crew import units_of, units_of_all
from engine.authoring.checks.people.locked import check_locked
from engine.authoring.staffed import check_staff
from engine.core.problem import Problem
from roles.actor import Grant
from tests.process import definition, library, roster

NOW = datetime(2026, 9, 28, tzinfo=UTC)
Team = Mapping[str, frozenset[Grant]]


def team(**held: str) -> Team:
    """Persons and the roles they hold, all in one shop: `tom="desk bench"`."""
    return {name: frozenset(Grant(role, "north-1") for role in roles.split()) for name, roles in held.items()}


def process(steps: str, fields: str = "", start: str = "by: desk", more: str = "") -> str:
    """A short process: states one to four, each with the step of the line; `to` is the next state."""
    lines = [line.strip() for line in steps.strip().splitlines()]
    names = [*("one", "two", "three", "four")[: len(lines)], "done"]
    states = "".join(
        f"  {name}:\n    title: {name}\n    transitions:\n      {line[:-1]}, title: {line.split(':')[0]}, to: {after}}}\n"
        for name, line, after in zip(names, lines, names[1:], strict=False)
    )
    return f"""fields:
  note: {{type: text, title: note}}
{fields}start:
  open: {{title: open, {start}, asks: note?, to: one}}
states:
{states}  done: {{title: done, final: success}}
{more}"""


def found(text: str, people: Team) -> tuple[Problem, ...]:
    """What the people of a shop cannot do, single persons apart."""
    return tuple(each for each in check_people(definition(text), roster(people), NOW) if each.code != "single-person")


def codes(text: str, people: Team) -> list[str]:
    return [each.code for each in found(text, people)]


FOUR_EYES = process("mend: {by: bench}\ninspect: {by: bench, not_by: mend}")


def test_where_one_person_alone_can_do_both_sides_of_a_separation_nobody_can_finish() -> None:
    (problem,) = found(FOUR_EYES, team(dan="desk", tom="bench"))

    assert (problem.code, problem.path) == ("nobody-can-finish", ("states", "two", "transitions", "inspect", "not_by"))
    assert problem.sentence.en == (
        "nobody can finish this way (north-1): open → mend → inspect → done. “mend”: tom; “inspect”: tom, but not the same person as “mend”"
    )
    assert problem.sentence.zh == (
        "没有人能走完这条路（north-1）：open → mend → inspect → done。“mend”：tom；“inspect”：tom，但不能与“mend”是同一人"
    )


def test_a_second_person_is_enough_wherever_he_holds_the_role_above() -> None:
    assert codes(FOUR_EYES, team(dan="desk", tom="bench", tim="bench")) == []
    assert codes(FOUR_EYES, {**team(dan="desk", tom="bench"), "tim": frozenset({Grant("bench", "head")})}) == []
    assert codes(FOUR_EYES, {**team(dan="desk", tom="bench"), "tim": frozenset({Grant("bench", "south-1")})}) == ["nobody-can-finish"]
    everywhere = FOUR_EYES.replace("{by: bench, not_by", "{by: {role: bench, in: any}, not_by")
    assert codes(everywhere, {**team(dan="desk", tom="bench"), "tim": frozenset({Grant("bench", "south-1")})}) == []


def test_somebody_outside_needs_no_staff() -> None:
    parties = "parties:\n  customer: {name: note}\n"
    text = process("mend: {by: bench}\nagree: {by: [customer, bench], not_by: mend}", more=parties)

    assert codes(text, team(dan="desk", tom="bench")) == []


def test_a_role_that_a_step_takes_and_nobody_holds_is_named_with_its_units() -> None:
    (problem,) = found(FOUR_EYES, team(dan="desk"))[:1]

    assert (problem.code, problem.path) == ("role-unheld", ("states", "one", "transitions", "mend", "by", 0))
    assert problem.sentence.en == "nobody holds “Bench” (north-1), whom these steps take: mend, inspect"
    assert codes(FOUR_EYES, team(dan="desk")) == ["role-unheld"]


def test_one_of_several_roles_is_enough() -> None:
    assert codes(process("mend: {by: [bench, store]}"), team(dan="desk", tom="bench")) == []


def test_a_step_that_one_person_alone_can_do_is_told_once_for_all_units() -> None:
    people = {**team(dan="desk", tom="bench"), "sam": frozenset({Grant("desk", "south-1")}), "tim": frozenset({Grant("bench", "south-1")})}

    problems = check_people(definition(process("mend: {by: bench}")), roster(people), NOW)

    assert [(each.code, each.path[-2:]) for each in problems] == [("single-person", ("open", "by")), ("single-person", ("mend", "by"))]
    assert problems[1].sentence.en == "one person alone can do “mend”: tom, north-1; tim, south-1"


FIELD = "  worker: {type: person, title: worker, role: bench}\n"
REASSIGN = "anywhere:\n  give: {title: give, by: boss, asks: worker, to: stay, in: [two]}\n"


def test_who_stands_in_a_field_is_who_was_put_there() -> None:
    taken = "take: {by: bench, set: {worker: actor}}\nmend: {by: worker}"

    assert codes(process(taken, FIELD, more=REASSIGN), team(dan="desk", bea="boss", tom="bench")) == []
    apart = process(taken.replace("by: worker", "by: worker, not_by: take"), FIELD, more=REASSIGN)
    (problem,) = found(apart, team(dan="desk", bea="boss", tom="bench", tim="bench"))
    assert problem.path == ("states", "two", "transitions", "mend", "not_by")
    assert problem.sentence.en.endswith("“take”, “mend”: tim, tom, but different persons must do these")


CREW = "  crew: {type: people, title: crew}\n  worker: {type: person, title: worker, role: bench}\n"
MORE = "anywhere:\n  give: {title: give, by: boss, asks: crew, to: stay, in: [two]}\n"


def test_people_are_those_whom_the_value_names_together() -> None:
    joined = 'put: {by: desk, set: {crew: "worker + performers(open)"}}\nmend: {by: bench, not_by: crew}'
    text = process(joined, CREW, "by: desk, asks: [worker]").replace(", asks: note?", "")

    assert codes(text, team(dan="desk", tom="bench")) == ["nobody-can-finish"]
    assert codes(text, team(dan="desk", tom="bench", tim="bench")) == []


def test_holders_of_a_role_are_nobody_where_nobody_holds_it() -> None:
    text = process('put: {by: desk, set: {crew: "holders(store)"}}\nmend: {by: crew}', CREW, more=MORE)

    assert codes(text, team(dan="desk", bea="boss", tom="bench")) == ["nobody-can-finish"]
    assert codes(text, team(dan="desk", bea="boss", tom="store")) == []


def test_of_people_as_many_can_sign_as_are_named() -> None:
    text = process(
        "name: {by: desk, asks: crew}\nsign: {by: crew, approvals: {at_least: 2}}",
        CREW.replace("crew: {type: people", "crew: {role: bench, type: people"),
        more=MORE,
    )

    assert codes(text, team(dan="desk", bea="boss", tom="bench", tim="bench")) == []
    assert codes(text, team(dan="desk", bea="boss", tom="bench")) == ["nobody-can-finish"]


def test_a_field_that_a_form_fills_may_be_filled_with_any_holder_of_its_role() -> None:
    named = process("name: {by: desk, asks: worker}\nmend: {by: worker, not_by: open}", FIELD, "by: [desk, bench]", REASSIGN)

    assert codes(named, team(tom="desk bench", bea="boss", tim="bench")) == []
    assert codes(named, team(tom="desk bench", bea="boss")) == ["nobody-can-finish"]


def test_a_field_that_changes_hands_on_the_way_counts_as_it_stands_then() -> None:
    two = team(dan="desk", tom="bench", tim="bench")
    check = "check: {by: bench, not_by: worker, set: {worker: actor}}"
    steps = f"take: {{by: bench, set: {{worker: actor}}}}\n{check}\nagain: {{by: bench, not_by: worker}}"

    assert codes(process(steps, FIELD), two) == []
    assert codes(process(steps.replace("not_by: worker}", "not_by: [take, check]}"), FIELD), two) == ["nobody-can-finish"]


def test_a_field_copied_into_another_carries_its_person() -> None:
    fields = FIELD + "  first: {type: person, title: first}\n"
    steps = "take: {by: bench, set: {worker: actor}}\ncopy: {by: desk, set: {first: worker}}\ncheck: {by: bench, not_by: first}"

    assert codes(process(steps, fields), team(dan="desk", tom="bench")) == ["nobody-can-finish"]
    assert codes(process(steps, fields), team(dan="desk", tom="bench", tim="bench")) == []


def test_everybody_who_has_performed_a_step_may_be_kept_in_a_field() -> None:
    fields = "  menders: {type: people, title: menders}\n"
    steps = "mend: {by: bench}\nwrite: {by: desk, set: {menders: performers(mend)}}\ncheck: {by: bench, not_by: menders}"

    assert codes(process(steps, fields), team(dan="desk", tom="bench")) == ["nobody-can-finish"]
    assert codes(process(steps, fields), team(dan="desk", tom="bench", tim="bench")) == []


def test_a_field_that_may_be_left_empty_keeps_nobody_away() -> None:
    steps = "name: {by: desk, asks: worker?}\nmend: {by: bench, not_by: worker}"

    assert codes(process(steps, FIELD), team(dan="desk", tom="bench")) == []
    assert codes(process(steps.replace("worker?", "worker"), FIELD), team(dan="desk", tom="bench")) == ["nobody-can-finish"]


def test_whoever_takes_part_can_be_given_what_is_by_the_holder() -> None:
    text = process("take: {by: bench, assign: actor}\nmend: {by: assignee, not_by: take}")

    assert codes(text, team(dan="desk", tom="bench", bea="boss")) == []
    assert codes(text, team(tom="bench desk")) == ["nobody-can-finish"]


@pytest.mark.parametrize(
    ("approvals", "people", "expected"),
    [
        ("at_least: 2", team(dan="desk", tom="bench"), ["nobody-can-finish"]),
        ("at_least: 2", team(dan="desk", tom="bench", tim="bench"), []),
        ("at_least: 2", team(dan="desk", tom="bench boss"), ["nobody-can-finish"]),
        ("at_least: 2, each_of: [bench, boss]", team(dan="desk", tom="bench boss", tim="bench"), []),
        ("at_least: 2, each_of: [bench, boss]", team(dan="desk", tom="bench", tim="bench"), ["role-unheld"]),
        ("at_least: 3, each_of: [bench]", team(dan="desk", tom="bench", bea="boss"), ["nobody-can-finish"]),
        ("at_least: 3, each_of: [bench]", team(dan="desk", tom="bench", bea="boss", bob="boss"), []),
    ],
)
def test_signatures_are_of_different_persons(approvals: str, people: Team, expected: list[str]) -> None:
    assert codes(process(f"sign: {{by: [bench, boss], approvals: {{{approvals}}}}}"), people) == expected


def test_signatures_that_cannot_be_had_are_told_as_one_at_the_approvals() -> None:
    (problem,) = found(process("sign: {by: bench, not_by: open, approvals: {at_least: 4}}"), team(dan="desk", tom="bench", tim="bench"))

    assert problem.path == ("states", "one", "transitions", "sign", "approvals")
    assert problem.sentence.en.endswith("done. “sign”: tim, tom, too few: different persons must sign it")


def test_as_many_sign_as_the_document_ever_asks_for() -> None:
    fields = "  dear: {type: boolean, title: dear}\n"
    steps = "ask: {by: desk, asks: dear}\nsign: {by: bench, approvals: {at_least: [{when: dear, then: 3}, {else: 2}]}}"

    assert codes(process(steps, fields), team(dan="desk", tom="bench", tim="bench")) == ["nobody-can-finish"]


def test_a_role_in_not_by_bars_its_holders_wherever_they_hold_it() -> None:
    text = process("mend: {by: bench, not_by: boss}")

    assert codes(text, {**team(dan="desk", tom="bench boss")}) == ["nobody-can-finish"]
    assert codes(text, team(dan="desk", tom="bench boss", tim="bench")) == []


LOOP = """fields:
  good: {type: boolean, title: good}
start:
  open: {title: open, by: desk, to: work}
states:
  work:
    title: work
    transitions:
      mend: {title: mend, by: bench, not_by: check, to: checking}
  checking:
    title: checking
    transitions:
      check: {title: check, by: bench, not_by: mend, asks: good, to: [{when: good, then: done}, {else: work}]}
  done: {title: done, final: success}
"""


def test_one_more_turn_of_a_loop_is_proven_too() -> None:
    (problem,) = found(LOOP, team(dan="desk", tom="bench"))
    assert "open → mend → check → done" in problem.sentence.en

    assert codes(LOOP, team(dan="desk", tom="bench", tim="bench")) == []
    stricter = LOOP.replace("not_by: check, to", "not_by: [check, mend], to")
    (problem,) = found(stricter, team(dan="desk", tom="bench", tim="bench"))
    assert "open → mend → check → mend → check → done" in problem.sentence.en
    assert codes(stricter, team(dan="desk", tom="bench", tim="bench", ted="bench")) == []


def test_what_stays_where_it_is_is_a_turn_as_well() -> None:
    help_out = "anywhere:\n  help: {title: help, by: bench, not_by: mend, in: two, to: stay}\n"
    text = process("mend: {by: bench}\ncheck: {by: bench, not_by: mend}", more=help_out)
    stricter = text.replace("not_by: mend, title", "not_by: [mend, help], title")

    assert codes(text, team(dan="desk", tom="bench", tim="bench")) == []
    assert codes(stricter, team(dan="desk", tom="bench", tim="bench")) == ["nobody-can-finish"]


def test_many_ways_are_not_decided_and_that_is_said() -> None:
    names = [f"s{index}" for index in range(9)]
    states = ""
    for name in names:
        steps = (f"      {name}-{to}: {{title: go, by: bench, not_by: {to}-{name}, to: {to}}}\n" for to in names if to != name)
        states += f"  {name}:\n    title: {name}\n    transitions:\n{''.join(steps)}"
    end = "      end: {title: end, by: bench, to: done}\n  done: {title: done, final: success}\n"
    start = "fields:\n  note: {type: text, title: note}\nstart:\n  open: {title: open, by: desk, asks: note?, to: s0}\n"

    assert codes(f"{start}states:\n{states}{end}", team(dan="desk", tom="bench", tim="bench")) == ["people-undecided"]


def test_a_long_chain_of_steps_each_kept_apart_from_the_six_before_it_is_proven() -> None:
    def step(number: int) -> str:
        before = ", ".join(f"do{other}" for other in range(max(1, number - 6), number)) or "open"
        ways = f"do{number}: {{title: do{number}, by: bench, not_by: [{before}], to: {after(number + 1)}}}"
        short = f"skip{number}: {{title: skip{number}, by: bench, to: {after(number + 2)}}}" if number % 4 == 3 else ""
        return f"  s{number}:\n    title: s{number}\n    transitions:\n      {ways}\n      {short}\n"

    def after(number: int) -> str:
        return f"s{number}" if number <= 24 else "done"

    states = "".join(map(step, range(1, 25)))
    text = "fields: {note: {type: text, title: note}}\nstart:\n  open: {title: open, by: desk, asks: note?, to: s1}\n"
    text += f"states:\n{states}  done: {{title: done, final: success}}\n"

    assert codes(text, team(dan="desk", **{f"tom{index}": "bench" for index in range(7)})) == []
    assert set(codes(text, team(dan="desk", **{f"tom{index}": "bench" for index in range(6)}))) == {"nobody-can-finish"}


def test_cases_are_opened_in_the_lowest_units_that_have_people_of_the_process() -> None:
    text = definition(FOUR_EYES)
    north, head = Grant("desk", "north-1"), Grant("bench", "head")

    assert units_of(text, roster({"dan": frozenset({north}), "tom": frozenset({head})}), NOW) == ("north-1",)
    assert units_of(text, roster({"dan": frozenset({Grant("desk", "head")}), "tom": frozenset({head})}), NOW) == ("head",)
    both = {"dan": frozenset({north}), "tim": frozenset({Grant("bench", "south-1")})}
    assert units_of(text, roster(both), NOW) == ("north-1",)  # nobody opens a case in the south
    assert units_of(text, roster({"tim": frozenset({Grant("bench", "south-1")})}), NOW) == ("south-1",)
    assert units_of(text, roster({"dan": frozenset({Grant("desk")})}), NOW) == (None,)
    assert units_of(text, roster({"bea": frozenset({Grant("boss", "head")})}), NOW) == ()
    assert check_people(text, roster({"bea": frozenset({Grant("boss", "head")})}), NOW) == ()


LOCKED = process("take: {by: bench, set: {worker: actor}}\nmend: {by: worker}", FIELD)


def locked(text: str) -> list[str]:
    return [str(each.path[-2]) for each in check_locked(definition(text))]


def test_a_step_by_a_field_that_nobody_else_can_change_locks_its_person_in() -> None:
    (problem,) = check_locked(definition(LOCKED))

    assert (problem.code, problem.path) == ("person-locked-in", ("states", "two", "transitions", "mend", "by"))
    assert locked(LOCKED.replace("{by: worker", "{by: [worker, boss]")) == []
    assert locked(LOCKED + REASSIGN) == []
    assert locked(LOCKED + REASSIGN.replace("by: boss", "by: worker")) == ["mend", "give"]
    assert locked(LOCKED + REASSIGN.replace("in: [two]", "in: [one]")) == ["mend"]


ORDER = """workflow: order
version: 1
title: 订单
owner: boss
organisation: shop
number: "O-{seq:04}"
fields: {note: {type: text, title: 备注}}
start: {open: {title: 开单, by: desk, asks: note?, to: open}}
states:
  open: {title: 办理, transitions: {send: {title: 转办, by: desk, starts: {workflow: job, as: jobs, at_end: leave}, to: closed}}}
  closed: {title: 完成, final: success}
"""
JOB = """workflow: job
version: 1
title: 工序
owner: boss
organisation: shop
number: "J-{seq:04}"
fields: {note: {type: text, title: 备注}}
start: {begin: {title: 开工, by: parent, asks: note?, to: open}}
states:
  open: {title: 办理, transitions: {mend: {title: 维修, by: bench, to: closed}}}
  closed: {title: 完成, final: success}
"""


def test_a_child_belongs_where_its_parent_does() -> None:
    found = library(ORDER, JOB)
    desks = {"dan": frozenset({Grant("desk", "north-1")}), "sam": frozenset({Grant("desk", "south-1")})}
    people = roster({**desks, "tom": frozenset({Grant("bench", "north-1")})})
    above = roster({**desks, "tom": frozenset({Grant("bench", "head")})})

    told = [(one.file, one.code, one.sentence.en) for one in check_staff(found.checked, people, NOW).diagnostics if one.severity == "error"]

    assert told == [("2.yaml", "role-unheld", "nobody holds “Bench” (south-1), whom these steps take: 维修")]
    assert units_of_all([each.compiled for each in found.checked], above, NOW)["job"] == ("head",)
    assert [one.code for one in check_staff(found.checked, above, NOW).diagnostics if one.severity == "error"] == []
