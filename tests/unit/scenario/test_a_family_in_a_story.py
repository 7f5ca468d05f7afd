"""Children are opened, play their own steps or end unseen, and wake their parent; an end cancels them."""

from __future__ import annotations

from tests.unit.scenario.rehearsal import tell, wrong

PARENT = """
fields:
  part:    {type: text, title: 料号}
  pieces:  {type: integer, title: 件数}
  handed:  {type: integer, title: 到料}
start:
  open: {title: 受理, by: desk, asks: part, to: repairing}
states:
  repairing:
    title: 维修
    transitions:
      order:
        title: 申请
        by: bench
        asks: pieces
        starts: {workflow: slip, as: slips, with: {item: part, pieces: pieces}, returns: [handed], at_end: cancel(withdraw)}
        to: waiting
      finish: {title: 完工, by: bench, to: closed}
  waiting:
    title: 待件
    transitions:
      arrive:
        title: 到料
        by: system
        when: last(outcome of slips) == success
        set: {handed: last(handed of slips) otherwise 0}
        to: repairing
      fail:   {title: 缺料, by: system, when: last(outcome of slips) != success, to: repairing}
      stop:   {title: 停修, by: boss, to: stopped}
  closed:  {title: 结案, final: success}
  stopped: {title: 停修, final: abandoned}
"""

CHILD = """workflow: slip
version: 1
title: 领料
owner: boss
organisation: shop
number: "S{yy}-{seq:04}"
fields:
  item:   {type: text, title: 物料}
  pieces: {type: integer, title: 件数}
  handed: {type: integer, title: 交付}
start:
  request: {title: 领料, by: parent, asks: [item, pieces], to: picking}
states:
  picking:
    title: 备料
    transitions:
      issue:    {title: 发料, by: store, asks: handed, requires: [{that: handed <= pieces, say: 不得多发}], to: issued}
      withdraw: {title: 撤回, by: [parent, store], to: withdrawn}
      refuse:   {title: 缺料, by: store, to: refused}
  issued:    {title: 已发, final: success}
  withdrawn: {title: 已撤回, final: abandoned}
  refused:   {title: 缺料, final: failure}
"""

ORDERED = """
- {do: open, by: dan, with: {part: BAT-1}}
- {do: order, by: tom, with: {pieces: 2}, expect: {state: waiting, opened: {slips: 1}, children: {slips: picking}}}
"""


def family(steps: str) -> list[str]:
    return wrong(ORDERED + steps, PARENT, CHILD)


def test_a_child_plays_its_own_steps_and_wakes_its_parent() -> None:
    refused = "- {child: slips, do: issue, by: sol, with: {handed: 3}, refused: guard_unmet, because: 不得多发}\n"
    issued = "- {child: slips, do: issue, by: sol, with: {handed: 2}, expect: {state: issued, outcome: success, parent: repairing}}\n"

    assert family(refused + issued + "- {do: finish, by: tom, expect: {state: closed, fields: {handed: 2}}}") == []


def test_the_parent_is_told_where_it_stands() -> None:
    assert family("- {child: slips, do: refuse, by: sol, expect: {parent: waiting}}") == [
        "expected the parent in “waiting”, found “repairing”"
    ]
    assert family("- {child: slips, do: refuse, by: sol, expect: {state: picking}}") == [
        "expected the state “picking” (备料), found “refused” (缺料)"
    ]


def test_a_child_ends_unseen_with_what_it_hands_back() -> None:
    ended = (
        "- {child: slips, ends: issued, with: {handed: 1}, expect: {state: repairing, fields: {handed: 1}, children: {slips: issued}}}\n"
    )

    assert family(ended) == []
    assert family("- {child: slips, ends: refused, expect: {state: repairing, fields: {handed: empty}}}") == []
    assert family(ended + "- {child: slips, ends: refused}") == ["expected an open case, found it ended in “issued”"]
    assert family("- {child: slips, ends: issued, with: {handed: 一}}") == ["交付: expected a whole number, found “一”"]


def test_an_end_cancels_what_is_open() -> None:
    assert family("- {do: stop, by: bea, expect: {state: stopped, children: {slips: withdrawn}}}") == []
    assert family("- {do: stop, by: bea, expect: {children: {slips: picking}, opened: {slips: 2}}}") == [
        "expected cases under “slips”: 2, found 1",
        "expected the newest case under “slips” in “picking”, found “withdrawn”",
    ]


def test_there_must_be_a_child() -> None:
    assert wrong("- {do: open, by: dan, with: {part: BAT-1}}\n- {child: slips, do: refuse, by: sol}", PARENT, CHILD) == [
        "expected a case under “slips”, found none"
    ]


def test_the_newest_child_is_meant() -> None:
    again = "- {child: slips, ends: refused}\n- {do: order, by: tom, with: {pieces: 1}, expect: {opened: {slips: 2}}}\n"

    assert family(again + "- {child: slips, do: issue, by: sol, with: {handed: 1}, expect: {fields: {pieces: 1}, parent: repairing}}") == []


def test_a_process_that_others_open_tells_its_own_story() -> None:
    opened = "- {do: request, by: parent, with: {item: BAT-1, pieces: 2}, expect: {state: picking}}\n"

    assert wrong(opened + "- {do: withdraw, by: parent, expect: {outcome: abandoned}}", CHILD, PARENT) == []
    assert (
        wrong(
            opened.replace("by: parent", "by: dan").replace("}, expect: {state: picking", "}, refused: not_authorised, expect: {told: []"),
            CHILD,
        )
        == []
    )


def test_decisions_of_children_leave_traces_too() -> None:
    told = tell(ORDERED + "- {child: slips, do: issue, by: sol, with: {handed: 2}}", PARENT, CHILD)

    assert [(trace.definition.workflow, type(trace.command).__name__) for trace in told.traces] == [
        ("parcel", "OpenCase"), ("parcel", "Fire"), ("slip", "OpenCase"), ("slip", "Fire"), ("parcel", "Wake"),
    ]  # fmt: skip
