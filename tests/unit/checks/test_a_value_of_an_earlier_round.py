"""A value of an earlier round that still decides is told with the way, and what is meant to last is left in peace."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.authoring.checks.stale import check_stale
from engine.authoring.document import read, read_file
from engine.authoring.library import check_documents, find_documents
from engine.authoring.organisation import read_roles
from engine.authoring.supplies import read_supplies
from engine.core.compiled import CompiledDefinition
from engine.core.problem import Problem
from tests.process import library

ROOT = Path(__file__).parents[3]
REPAIR = (ROOT / "workflows" / "phone" / "phone-repair.yaml").read_text(encoding="utf-8")

LOOP = """
fields:
  verdict: {{type: choice, title: 判定, choices: {{good: 好, bad: 坏}}}}
  fee: {{type: integer, title: 费用}}
  worker: {{type: person, title: 经手}}
  tries: {{type: integer, title: 次数}}
start:
  open: {{title: 受理, by: desk, asks: worker, set: {{tries: 0}}, to: judging}}
states:
  judging:
    title: 判定中
    transitions:
      judge: {{title: 判定, by: bench, asks: verdict, {judge}to: [{{when: verdict == bad, then: pricing}}, {{else: paying}}]}}
  pricing:
    title: 定价中
    transitions:
      price: {{title: 定价, by: desk, {price}, to: paying}}
  paying:
    title: 付款中
    transitions:
      pay: {{title: 付款, by: desk, {pay}, to: done}}
      again: {{title: 重来, by: desk, to: judging}}
  done: {{title: 完成, final: success}}
"""

PAID = "requires: [{that: fee otherwise 0 < 9, say: 太贵}]"


def stale(price: str = "asks: fee", pay: str = PAID, judge: str = "") -> list[Problem]:
    return list(check_stale(compiled(LOOP.format(price=price, pay=pay, judge=judge))))


def compiled(text: str) -> CompiledDefinition:
    (checked,) = library(text).checked
    return checked.compiled


def test_it_is_told_where_it_decides_with_the_way_and_the_cure() -> None:
    (one,) = stale()

    assert one.path == ("states", "paying", "transitions", "pay", "requires", 0, "that")
    assert one.sentence.en == "“fee” may still be the value of an earlier round here: price → again → judge → pay"
    assert one.way_out is not None
    assert one.way_out.en == "If a new round voids it, write “clears: [fee]” at “judge”."


@pytest.mark.parametrize(
    ("price", "pay", "judge"),
    [
        pytest.param("asks: fee", PAID, "clears: fee, ", id="the new round clears it"),
        pytest.param("asks: fee", PAID.replace("fee otherwise", "tries otherwise"), "", id="nothing reads it"),
        pytest.param("set: {tries: tries + 1}", PAID.replace("fee", "tries"), "", id="a count"),
        pytest.param("asks: worker", "assign: [{when: worker == actor, then: actor}, {else: nobody}]", "", id="a person"),
        pytest.param("asks: fee", "asks: fee, " + PAID, "", id="asked anew where it is read"),
        pytest.param(
            "asks: fee", "requires: [{that: verdict != bad or fee otherwise 0 < 9, say: 太贵}]", "", id="read in its own round"
        ),
    ],
)  # fmt: skip
def test_what_is_meant_to_last_is_not_told(price: str, pay: str, judge: str) -> None:
    assert stale(price, pay, judge) == []


def test_a_step_that_stays_records_a_fact_without_a_round() -> None:
    staying = "      note: {{title: 记录, by: desk, asks: fee, to: stay}}\n      price:"
    text = LOOP.replace("      price:", staying).format(price="shows: fee", pay=PAID, judge="")

    assert list(check_stale(compiled(text))) == []


@pytest.mark.parametrize("written", ["set: {tries: fee}", "notify: [{tell: desk, template: step-refused, with: {step: number, why: fee}}]"])
def test_every_place_that_reads_counts(written: str) -> None:
    # Read behind `is set`, so that an empty one is no fault.
    guarded = written.replace("template", "when: fee is set, template").replace("set: {tries: fee}", "set: {tries: fee otherwise 0}")

    (one,) = stale(pay=guarded)

    assert one.sentence.en.endswith("price → again → judge → pay")


def repaired(text: str) -> list[str]:
    registry, _, _ = read_roles([ROOT / "roles"])
    around = [read_file(path) for path in find_documents([ROOT / "workflows" / "phone"])]
    library = check_documents([read(text.encode(), "phone-repair.yaml")], registry, read_supplies([ROOT / "workflows"]), around)
    return [one.sentence.en for one in library.diagnostics if one.code == "stale-value"]


def test_the_repair_of_phones_clears_what_a_new_verdict_voids() -> None:
    cure = "        clears: [parts_fee, labour_fee, valid_until, evidence, fee]"
    assert REPAIR.count(cure) == 2

    assert repaired(REPAIR) == []
    assert repaired(REPAIR.replace(cure, "        clears: []")) == [
        "“fee” may still be the value of an earlier round here: approve → rediagnose → diagnose → hand_over"
    ]
