"""Every safeguard that a variant lacks is one sentence at its place; what it adds or makes stricter is none."""

from __future__ import annotations

import pytest

from engine.authoring.document import read
from engine.authoring.library import Library, check_documents
from tests.process import ROLES, SUPPLIES, tidy, written

BASE = """workflow: visit
version: 1
title: 到店
owner: boss
organisation: shop
number: "V{yy}-{seq:04}"
calendar: desk-hours
fields:
  note:   {type: text, title: 备注}
  worker: {type: person, title: 维修员}
  until:  {type: date, title: 约定日}
start:
  open: {title: 开单, by: desk, asks: [note, until], to: open}
states:
  open:
    title: 办理
    phase: work
    transitions:
      take: {title: 接单, by: bench, set: {worker: actor}, to: stay}
      confirm:
        title: 确认
        by: [boss, {role: store, in: any}]
        not_by: take
        shows: [note, worker, until]
        asks: [note]
        reason: required
        approvals: {at_least: 2, each_of: boss}
        requires: [{that: note != 'x', say: 备注有误}]
        notify: [{tell: [desk, boss], template: quote-ready}]
        to: waiting
  waiting:
    title: 待取
    phase: done
    waits_on: customer
    transitions:
      hand: {title: 交付, by: desk, to: closed}
  closed: {title: 完成, final: success}
clocks:
  work:
    title: 办理时限
    runs_in: [{phase: work}, waiting]
    limit: 4h
    ladder: [{at: 75%, tell: desk, template: overdue}, {at: due, tell: [desk, boss], template: overdue}]
  legal:
    title: 法定时限
    legal: true
    source: RULE
    runs_in: all
    limit: 2d
    ladder: [{at: due, tell: boss, template: overdue}]
"""
HEAD = "workflow: visit-electric\nextends: visit\nversion: 1\ntitle: 变体\n"
WAITING_GONE = """
states:
  waiting: remove
  open: {transitions: {confirm: {to: closed}}}
clocks: {work: {runs_in: open}}
"""
FEWER_TOLD = "{ladder: {remove: [due], add: [{at: due, tell: boss, template: overdue}]}}\n"
PARKED = """
states:
  parked: {title: 停放, transitions: {fetch: {title: 取走, by: desk, to: closed}}}
  waiting: {transitions: {park: {title: 停放, by: desk, to: parked}}}
"""
LEGAL = "clocks:\n  legal: "
WORK = "clocks:\n  work: "


def read_with(change: str) -> Library:
    documents = [read(written(text).encode(), f"{name}.yaml") for name, text in (("base", BASE), ("variant", HEAD + change))]
    return tidy(check_documents(documents, ROLES, SUPPLIES))


def weakened(change: str) -> list[str]:
    library = read_with(change)
    assert [(one.file, one.code, one.span.line, one.sentence.en) for one in library.diagnostics if one.severity == "error"] == []
    assert all(each.sentence.zh for each in library.checked[1].rendered.weakenings())
    return [each.sentence.en for each in library.checked[1].rendered.weakenings()]


def confirm(change: str) -> str:
    return f"states:\n  open:\n    transitions:\n      confirm: {change}\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (confirm("{by: {add: desk}}"), ["“确认” may also be done by “desk”"]),
        (confirm("{not_by: remove}"), ["“确认” no longer keeps “take” out"]),
        (confirm("{requires: []}"), ["“确认” lacks the condition “note != 'x'”"]),
        (confirm("{reason: remove}"), ["“确认” needs no reason"]),
        (confirm("{approvals: remove}"), ["“确认” needs fewer signatures, or others"]),
        (confirm("{approvals: {at_least: 3, each_of: remove}}"), ["“确认” needs fewer signatures, or others"]),
        (confirm("{asks: ['until?']}"), ["“确认” does not demand “note”"]),
        (confirm("{notify: [{tell: boss, template: quote-ready}]}"), ["after “确认” nobody tells “desk”"]),
        (WAITING_GONE, ["the state “待取” is gone"]),
        (WORK + "remove\n", ["the clock “办理时限” is gone"]),
        (WORK + "{limit: 5h}\n", ["the limit of “办理时限” goes from 4h to 5h"]),
        (WORK + "{limit: 1wd}\n", ["the limit of “办理时限” goes from 4h to 1wd"]),
        (WORK + "{runs_in: open}\n", ["“办理时限” does not run in “待取”"]),
        (WORK + "{pauses: {waits_on: customer}}\n", ["“办理时限” pauses in “待取”"]),
        (WORK + "{from: until}\n", ["“办理时限” has another “from” than the base"]),
        (WORK + "{ladder: {remove: [75%]}}\n", ["“办理时限” lacks the rung “75%”"]),
        (WORK + FEWER_TOLD, ["the rung “due” of “办理时限” leaves out “desk”"]),
        (LEGAL + "{ladder: [{at: 50%, tell: boss, template: overdue}]}\n", ["“法定时限” lacks the rung “due”"]),
    ],
)  # fmt: skip
def test_each_safeguard_that_is_gone_is_named(change: str, said: list[str]) -> None:
    assert weakened(change) == said


def test_a_step_that_is_gone_is_named_where_it_is_deleted() -> None:
    checked = read_with("states:\n  open:\n    transitions:\n      take: remove\n      confirm: {not_by: desk}\n").checked[1]

    step, separation = checked.rendered.weakenings()
    source, path = checked.document.source(step.path)
    assert (step.kind, step.sentence.en, separation.kind) == ("step", "the step “接单” is gone", "separation")
    assert (source.file, source.span(path, of_key=True).line) == ("variant.yaml", 8)


@pytest.mark.parametrize(
    "change",
    [
        "",
        confirm("{by: [boss, store], not_by: {add: desk}, asks: {add: [until]}}"),
        confirm("{requires: {add: [{that: until is set, say: 须约定}]}, approvals: {at_least: 3}}"),
        WORK + "{limit: 230m, ladder: {add: [{at: due + 1h, tell: boss, template: overdue}]}}\n",
        LEGAL + "{limit: 1d, title: 更严}\n",
        PARKED,
    ],
)  # fmt: skip
def test_what_is_added_or_stricter_is_not_named(change: str) -> None:
    assert weakened(change) == []


@pytest.mark.parametrize(
    "change",
    [
        "remove",
        "{legal: false}",
        "{limit: 3d}",
        "{limit: 1wd}",
        "{limit: remove, due: until}",
        "{runs_in: open}",
        "{pauses: waiting}",
        "{when: note == 'x'}",
        "{from: until}",
        "{restart: on_entry}",
    ],
)
def test_a_legal_clock_cannot_be_weakened(change: str) -> None:
    library = read_with(LEGAL + change + "\n")

    assert {(one.file, one.code, one.span.line) for one in library.diagnostics} == {("variant.yaml", "legal-weakened", 6)}
    assert [each.compiled.workflow for each in library.checked] == ["visit"]
    assert library.diagnostics[0].sentence.zh.startswith("法定时限不得放宽：")


def test_a_state_that_leaves_the_phase_of_a_legal_clock_weakens_it_too() -> None:
    base = BASE.replace("runs_in: all", "runs_in: {phase: work}").replace("phase: done", "phase: work")
    documents = [
        read(written(text).encode(), name) for name, text in (("base", base), ("variant", HEAD + "states: {waiting: {phase: review}}\n"))
    ]

    (one,) = [one for one in check_documents(documents, ROLES, SUPPLIES).diagnostics if one.severity == "error"]

    assert (one.file, one.code, one.span.line) == ("variant", "legal-weakened", 5)
