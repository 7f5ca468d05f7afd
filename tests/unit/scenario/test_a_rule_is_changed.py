"""Mutants: each operator changes one rule, says in both languages what nobody would notice, and gives it a name that lasts."""

from __future__ import annotations

import pytest

from engine.authoring.scenario.mutation import mutants, sample
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import compile_bundle
from tests.unit.scenario.mutable import WORK, checked, mutated

MUTANTS = mutated()


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("mending.finish/guard-dropped/86913d", "“完工”不再检查“大件须备注”", "“完工” no longer demanded “大件须备注”"),
        (
            "mending.finish/bound-shifted/54a72a",
            "“完工”的条件写的是“price < 480.00”而不是“price <= 480.00”",
            "a condition of “完工” said “price < 480.00” instead of “price <= 480.00”",
        ),
        ("testing.pass/separation-dropped/finish", "“检验”可以由执行过“完工”的人完成", "“检验” could be done by whoever did “完工”"),
        ("testing.pass/separation-dropped/mender", "“检验”可以由“维修员”本人完成", "“检验” could be done by whoever stands in “维修员”"),
        (
            "testing.pass/separation-dropped/all",
            "“检验”没有任何职责分离（完工、维修员）",
            "“检验” barred nobody (完工, 维修员)",
        ),
        ("testing.pass/right-widened/boss", "“检验”也可以由“主管”完成", "“检验” could also be done by “Supervisor”"),
        (
            "mending.finish/right-widened/mender",
            "“完工”可以由任何“维修”完成，不限于“维修员”本人",
            "“完工” could be done by any “Bench”, not only by whoever stands in “维修员”",
        ),
        ("start.open/right-dropped/boss", "“受理”不能再由“主管”完成", "“受理” could no longer be done by “Supervisor”"),
        ("testing.pass/reason-dropped", "“检验”不用写明原因", "“检验” needed no reason"),
        ("start.open/field-optional/label", "“受理”时可以不填“标签”", "“标签” could be left empty in “受理”"),
        (
            "testing.pass/choice-swapped/414539",
            "“检验”的去向中“维修中”与“取消”对调",
            "“维修中” and “取消” were swapped in “to” of “检验”",
        ),
        (
            "testing.pass/branch-dropped/8f51b3",
            "“检验”的去向把“visits < 3”按其余情况处理",
            "“to” of “检验” treated “visits < 3” like all the rest",
        ),
        ("mending.finish/target-changed/away", "“完工”去了“外送”而不是“检验中”", "“完工” led to “外送” instead of “检验中”"),
        ("mending.finish/set-dropped/visits", "“完工”不再设置“次数”", "“完工” no longer set “次数”"),
        ("testing.pass/clearing-dropped/note", "“检验”不再清空“备注”", "“检验” no longer emptied “备注”"),
        ("mending.take/assign-dropped", "“接单”之后承办人不变", "“接单” left the case with whoever held it"),
        ("mending.ship/child-dropped/errands", "“寄出”不再开“送货”工单", "“寄出” no longer opened a case of “送货”"),
        (
            "mending.ship/end-changed/errands.leave",
            "“送货”的“at_end”写的是“leave”而不是“wait”",
            "“at_end” of “送货” said “leave” instead of “wait”",
        ),
        ("mending.finish/notice-dropped/quote-ready", "“完工”之后不再告知“前台、主管”", "“完工” no longer told “Front desk, Supervisor”"),
        ("mending.finish/told-dropped/quote-ready.boss", "“完工”不再告知“主管”", "“完工” no longer told “Supervisor”"),
        ("testing.sign/signature-dropped/at_least", "“会签”只需 1 人签署，而不是 2 人", "“会签” could be done with 1 of its 2 signatures"),
        ("testing.sign/signature-dropped/each_of", "“会签”由谁签署都行，不限角色", "“会签” could be signed by anybody, whatever the roles"),
        ("testing.sign/undo-allowed", "“会签”可以撤销", "“会签” could be taken back"),
        (
            "away.found/event-dropped/parcel.found",
            "事件“parcel.found”不再执行“找到”",
            "the event “parcel.found” no longer performed “找到”",
        ),
        ("away.found/match-dropped/day", "“parcel.found”不再按“日期”找工单", "“parcel.found” found a case whatever its “日期”"),
        ("away.found/fill-dropped/note", "“parcel.found”不再填入“备注”", "“parcel.found” no longer filled “备注”"),
        ("away.found/fill-swapped/label", "“parcel.found”把“words”填入“标签”", "“parcel.found” filled “标签” with “words”"),
        ("away.found/emit-dropped/parcel.back", "“找到”不再发出“parcel.back”", "“找到” no longer gave out “parcel.back”"),
        (
            "away.back/waiting-weakened/9a2da2",
            "“取回”在“last(outcome of errands) is set”时就自动执行",
            "“取回” came as soon as “last(outcome of errands) is set”",
        ),
        ("clocks.work/limit-shifted/5wh", "“时限”的期限写的是“5wh”而不是“4wh”", "the limit of “时限” said “5wh” instead of “4wh”"),
        ("clocks.work/pause-dropped/away", "“时限”在该暂停时不暂停", "“时限” went on where it pauses"),
        (
            "clocks.work/restart-changed/never",
            "“时限”的“restart”写的是“never”而不是“on_entry”",
            "“restart” of “时限” said “never” instead of “on_entry”",
        ),
        ("clocks.work/rung-dropped/50%", "“时限”没有 50% 这一级", "“时限” had no rung 50%"),
        ("clocks.work/told-dropped/50%.desk", "“时限 50%”不再告知“前台”", "“时限 50%” no longer told “Front desk”"),
        ("clocks.all_of_it/until-dropped/pass", "“检验”不再结束“全程”", "“检验” no longer ended “全程”"),
        ("clocks.all_of_it/when-dropped/760a54", "“全程”不论“size != huge”都计时", "“全程” ran whether “size != huge” or not"),
    ],
)
def test_each_operator_says_what_nobody_would_notice(name: str, zh: str, en: str) -> None:
    assert (MUTANTS[name].what.zh, MUTANTS[name].what.en) == (zh, en)
    assert MUTANTS[name].sentence.zh == f"没有场景会发现：{zh}"
    assert MUTANTS[name].sentence.en == f"nobody would notice if {en}"


def test_every_operator_is_among_these() -> None:
    assert {each.operator for each in MUTANTS.values()} == {
        "assign-dropped", "bound-shifted", "branch-dropped", "child-dropped", "choice-swapped", "clearing-dropped", "emit-dropped",
        "end-changed", "event-dropped", "field-optional", "fill-dropped", "fill-swapped", "guard-dropped", "limit-shifted",
        "match-dropped", "notice-dropped", "pause-dropped", "reason-dropped", "restart-changed", "right-dropped", "right-widened",
        "rung-dropped", "separation-dropped", "set-dropped", "signature-dropped", "target-changed", "told-dropped", "undo-allowed",
        "until-dropped", "waiting-weakened", "when-dropped",
    }  # fmt: skip


def test_a_mutant_changes_one_rule_and_no_other() -> None:
    process = checked()
    written = process.bundle.workflow.model_dump(by_alias=True)
    for mutant in MUTANTS.values():
        changed = mutant.workflow.model_dump(by_alias=True)
        assert changed != written, mutant.id
        depth = 4 if mutant.path[0] == "states" else 2
        for key in map(str, mutant.path[:depth]):
            written_here, changed_here = dict(written), dict(changed)
            written_here.pop(key, None)
            changed_here.pop(key, None)
            assert written_here == changed_here, (mutant.id, key)
            written, changed = written[key], changed[key]
        written = process.bundle.workflow.model_dump(by_alias=True)


def test_every_mutant_stands_at_its_place_in_the_file() -> None:
    document = checked().document
    lines = document.text.splitlines()
    at = {name: lines[document.span(each.path).line - 1].strip() for name, each in MUTANTS.items()}
    assert at["mending.finish/guard-dropped/2d34b8"].startswith("- {that: price <= 480.00")
    assert at["testing.pass/separation-dropped/mender"] == "not_by: [finish, mender]"
    assert at["clocks.work/rung-dropped/due"].startswith("- {at: due, tell: boss")
    assert at["testing.pass/bound-shifted/8e70c1"].startswith("to: [{when: visits < 3")
    assert at["testing.sign/undo-allowed"] == "undo: no"


def test_names_last_while_other_rules_are_edited() -> None:
    edited = WORK.replace("      take: {", "      wait: {title: 稍等, by: desk, to: stay}\n      take: {").replace(
        "- {that: size == small", "- {that: label is set, say: 须有标签}\n          - {that: size == small"
    )
    assert edited.count("\n") == WORK.count("\n") + 2
    before = {name: each for name, each in MUTANTS.items() if each.operator not in ("target-changed", "right-widened")}
    assert before.keys() <= mutated(edited).keys()


def test_mutants_are_the_same_at_every_run() -> None:
    assert list(mutated()) == list(MUTANTS)


def test_the_same_comparison_is_shifted_in_all_cases_of_a_value() -> None:
    to = MUTANTS["testing.pass/bound-shifted/8e70c1"].workflow.states["testing"].transitions["pass"].to
    assert isinstance(to, tuple)
    assert [getattr(case, "when", None) for case in to] == ["visits <= 3", "visits > 3 and size == small", None]


def test_what_means_the_same_is_not_made_twice() -> None:
    bounds = {each.what.en for each in MUTANTS.values() if each.operator == "bound-shifted" and "today" in each.what.en}
    assert bounds == {
        "a condition of “完工” said “on < today() + 7d” instead of “on <= today() + 7d”",
        "a condition of “完工” said “on <= today() + 8d” instead of “on <= today() + 7d”",
    }


def test_a_clock_that_is_entered_once_has_no_other_way_to_restart() -> None:
    once = (
        WORK.replace("restart: on_entry", "restart: never").replace("runs_in: [mending, away]", "runs_in: all").replace("pauses: away", "")
    )
    assert not [name for name in mutated(once.replace("    restart: never\n", "")) if "restart-changed" in name]


def test_a_step_that_ends_the_case_for_good_ends_its_clocks_anyway() -> None:
    assert [name for name in MUTANTS if "until-dropped" in name] == ["clocks.all_of_it/until-dropped/pass"]


def test_mutants_that_hold_are_ready_to_decide() -> None:
    process = checked()
    found = [compile_bundle(process.bundle.model_copy(update={"workflow": each.workflow})) for each in MUTANTS.values()]
    compiled = [each for each in found if isinstance(each, CompiledDefinition)]
    assert len(compiled) > len(found) * 3 // 4
    assert process.compiled.digest not in {each.digest for each in compiled}


def test_of_too_many_each_operator_has_its_share() -> None:
    process = checked()
    every = mutants(process.bundle.workflow, process.compiled)
    few = sample(every, 40, always=["testing.sign/undo-allowed"])
    assert len(few) == 40
    assert {each.operator for each in few} == {each.operator for each in every}
    assert "testing.sign/undo-allowed" in {each.id for each in few}
    assert few == sample(every, 40, always=["testing.sign/undo-allowed"])
    assert [each for each in every if each in few] == list(few)


def test_a_sample_of_few_is_all() -> None:
    process = checked()
    every = mutants(process.bundle.workflow, process.compiled)
    assert sample(every, len(every)) == every
