"""A small process in which every rule that can be changed stands once, and what it becomes."""

from __future__ import annotations

from engine.authoring.diagnostic import has_errors
from engine.authoring.library import Checked
from engine.authoring.scenario.mutation import Mutant, mutants
from tests.process import library

SHIP = """
workflow: errand
version: 1
title: 送货
owner: boss
organisation: shop
number: "E{yy}-{seq:04}"
fields: {goods: {type: text, title: 货物}}
start:
  send: {title: 派送, by: parent, asks: goods, to: going}
states:
  going:
    title: 在途
    transitions:
      arrive: {title: 送达, by: desk, to: there}
      recall: {title: 召回, by: [parent, desk], to: back}
  there: {title: 已送达, final: success}
  back:  {title: 已召回, final: abandoned}
"""

WORK = """
workflow: parcel
version: 1
title: 收件
owner: boss
organisation: shop
number: "P{yy}-{seq:04}"
calendar: desk-hours
undo: 10m
fields:
  size:   {type: choice, title: 大小, choices: {small: 小, large: 大, huge: 特大}}
  price:  {type: money, title: 报价, currency: CNY}
  visits: {type: integer, title: 次数}
  note:   {type: text, title: 备注}
  label:  {type: text, title: 标签}
  on:     {type: date, title: 日期}
  mender: {type: person, title: 维修员, role: bench}
start:
  open:
    title: 受理
    by: [desk, boss]
    asks: [size, price, label, on]
    set: {visits: 0}
    to: mending
states:
  mending:
    title: 维修中
    transitions:
      take: {title: 接单, by: bench, set: {mender: actor}, assign: mender, to: stay}
      finish:
        title: 完工
        by: mender
        asks: note?
        requires:
          - {that: size == small or note is set, say: 大件须备注}
          - {that: price <= 480.00, say: 超出限额}
          - {that: on <= today() + 7d, say: 日期过远}
        set: {visits: visits + 1}
        notify: [{tell: [desk, boss], template: quote-ready}]
        to: testing
      ship:
        title: 寄出
        by: desk
        starts: {workflow: errand, as: errands, with: {goods: label}, at_end: wait}
        to: away
  away:
    title: 外送
    transitions:
      back: {title: 取回, by: system, when: last(outcome of errands) == success, to: mending}
      lost: {title: 丢失, by: boss, to: gone}
      found:
        title: 找到
        by: [desk, integration]
        asks: [label, note?]
        event: {name: parcel.found, match: {tag: label, day: on}, fills: {label: new_tag, note: words}}
        emit: {name: parcel.back, fields: label}
        to: mending
  testing:
    title: 检验中
    transitions:
      pass:
        title: 检验
        by: bench
        not_by: [finish, mender]
        clears: note
        reason: required
        to: [{when: visits < 3, then: mending}, {when: visits >= 3 and size == small, then: gone}, {else: done}]
      sign:
        title: 会签
        by: [bench, boss]
        approvals: {at_least: 2, each_of: [bench, boss]}
        undo: no
        to: {field: size, is: {small: done, large: gone, huge: gone}}
  done: {title: 完成, final: success}
  gone: {title: 取消, final: abandoned}
clocks:
  work:
    title: 时限
    runs_in: [mending, away]
    limit: 4wh
    pauses: away
    restart: on_entry
    ladder:
      - {at: 50%, tell: [bench, desk], template: due-soon}
      - {at: due, tell: boss, template: overdue}
  all_of_it:
    title: 全程
    until: [pass, lost]
    when: size != huge
    limit: 5wd
    ladder: [{at: due, tell: boss, template: overdue}]
"""


def checked(text: str = WORK) -> Checked:
    """The process, which must hold."""
    found = library(text, SHIP)
    assert not has_errors(found.diagnostics), [(one.code, one.span, one.sentence.en) for one in found.diagnostics]
    return next(each for each in found.checked if each.compiled.workflow == "parcel")


def mutated(text: str = WORK) -> dict[str, Mutant]:
    """All its mutants by their ids."""
    process = checked(text)
    return {each.id: each for each in mutants(process.bundle.workflow, process.compiled)}
