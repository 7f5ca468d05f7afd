"""Stories written in a test as a process owner would, told of a process written in the test.

A story is its steps alone; who appears, and when it begins, stands here unless the test says otherwise.
"""

from __future__ import annotations

from functools import cache
from textwrap import indent

from engine.authoring.calendar import shipped_official
from engine.authoring.document import read
from engine.authoring.library import check_documents
from engine.authoring.mention import inside_roles
from engine.authoring.scenario.reading import read_script
from engine.authoring.scenario.running import passes, run
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.setting import Setting
from engine.authoring.scenario.telling import failure_in_words
from engine.authoring.scenario.verdict import Run
from tests.process import CALENDAR, ROLES, SHANGHAI, supplies, written

PEOPLE = "{dan: desk, dot: desk, tom: bench, tim: bench, sol: store, bea: boss}"

REPAIR = """
fields:
  name:   {type: text, title: 客户}
  mail:   {type: email, title: 邮箱}
  imei:   {type: text, title: 串号, unique: open}
  fault:  {type: choice, title: 故障, choices: {power: 电源, none: 无}}
  quote:  {type: money, title: 报价, currency: CNY}
  tester: {type: person, title: 维修员, role: bench}
  photo:  {type: files, title: 照片, accept: [jpg, png]}
  parts:  {type: list, title: 物料, of: {part: {type: text, title: 料号}, pieces: {type: integer, title: 件数}}}
parties: {customer: {name: name, email: mail}}
calendar: desk-hours
undo: 10m
start:
  open: {title: 受理, by: [desk, integration], asks: [name, mail?, imei], to: received}
states:
  received:
    title: 已受理
    transitions:
      take: {title: 接单, by: bench, set: {tester: actor}, assign: tester, to: testing}
  testing:
    title: 检测
    transitions:
      judge:
        title: 判定
        by: tester
        asks: [fault, quote?, photo?, parts?]
        requires: [{that: fault == none or quote is set, say: 须报价}]
        notify: [{tell: customer, template: quote-ready, when: quote is set, with: {amount: quote}}]
        to: [{when: fault == none, then: checking}, {else: confirming}]
  confirming:
    title: 待确认
    waits_on: customer
    transitions:
      agree: {title: 同意, by: customer, to: checking}
      release: {title: 放行, by: [boss, desk, store], approvals: {at_least: 2}, to: checking}
  checking:
    title: 质检
    transitions:
      inspect: {title: 质检, by: bench, not_by: judge, to: [{when: sampled(30), then: testing}, {else: closed}]}
  closed: {title: 结案, final: success}
  lapsed: {title: 逾期, final: abandoned}
anywhere:
  reassign: {title: 换人, by: boss, in: testing, asks: tester, assign: tester, reason: required, to: stay}
  lapse: {title: 逾期, by: system, in: [confirming], to: lapsed}
clocks:
  testing:
    title: 检测时限
    runs_in: [received, testing]
    limit: 4wh
    ladder: [{at: due, tell: [assignee, boss], template: overdue}]
  confirming:
    title: 确认时限
    runs_in: [confirming]
    limit: 3d
    ladder: [{at: due - 1d, tell: boss, template: due-soon}, {at: due, fire: lapse}]
"""

OPENED = '- {do: open, by: dan, with: {name: 测试客户甲, imei: "001017000000011"}}\n'
TAKEN = OPENED + "- {do: take, by: tom}\n"
QUOTED = TAKEN + '- {do: judge, by: tom, with: {fault: power, quote: "480.00"}}\n'


@cache
def setting_of(*processes: str, calendar: str = CALENDAR) -> Setting:
    """The setting of these processes, without whose mistakes no story is told."""
    documents = [read(written(text).encode(), f"{number}.yaml") for number, text in enumerate(processes, 1)]
    found = check_documents(documents, ROLES, supplies(calendar))
    assert [(one.code, one.span) for one in found.diagnostics if one.severity == "error"] == []
    return Setting.of((each.compiled for each in found.checked), ROLES, SHANGHAI, shipped_official())


def script(
    steps: str, *processes: str, head: str = "", people: str = PEOPLE, at: str = "2026-09-21 09:00", calendar: str = CALENDAR
) -> tuple[Script, Setting]:
    """The script of one story, and the setting of these processes; of the repair without any. Nothing may be wrong with either."""
    setting = setting_of(*(processes or (REPAIR,)), calendar=calendar)
    workflow = next(iter(setting.definitions))
    begins, _, besides = head.partition("---")
    above = f"workflow: {workflow}\npeople: {people}\n{besides}scenarios:\n- name: {{zh: 故事, en: Story}}\n  at: '{at}'\n"
    text = f"{above}{indent(begins, '  ')}  steps:\n{indent(steps, '  ')}"
    read_of, diagnostics = read_script(read(text.encode(), "story.yaml"), setting, inside_roles(ROLES))
    assert read_of is not None, [(one.code, one.span, one.sentence.en) for one in diagnostics]
    return read_of, setting


def tell(steps: str, *processes: str, head: str = "", people: str = PEOPLE, at: str = "2026-09-21 09:00") -> Run:
    """One story, told; mutation would be of the same opinion about it. `head`: what stands above its steps, and after `---` above all."""
    read_of, setting = script(steps, *processes, head=head, people=people, at=at)
    told = run(read_of, 0, setting)
    assert told == run(read_of, 0, setting)
    assert passes(read_of, setting) == told.passed or not told.steps  # how it begins is not asked of a mutant
    return told


def wrong(steps: str, *processes: str, head: str = "", people: str = PEOPLE, at: str = "2026-09-21 09:00") -> list[str]:
    """Everything that comes out otherwise than the story says."""
    return [each.sentence.en for each in tell(steps, *processes, head=head, people=people, at=at).failures]


def words(told: Run, language: str = "en") -> str:
    """A failure as a person reads it."""
    return "\n".join(line.zh if language == "zh" else line.en for line in failure_in_words(told, SHANGHAI))
