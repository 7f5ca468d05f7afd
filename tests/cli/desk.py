"""A company with clocks on the command line: a folder with one process, its ladder, its roles and its people, on simulated time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal

BEGINS = "2026-09-30T16:30"
"""Half past four on the last working day before the National Day week."""
NUMBER = "AN26-0001"

ROLES = """
organisation: desk
roles:
  desk-supervisor: {title: {zh: 柜台主管, en: Supervisor}}
  desk-clerk:      {title: {zh: 柜台受理, en: Clerk}}
  desk-answerer:   {title: {zh: 柜台答复, en: Answerer}, reports_to: desk-supervisor}
"""

PEOPLE = """
units:
  shop-1: {title: {zh: 一店, en: Shop 1}}
people:
  cai: {name: 样例受理01, holds: [{role: desk-clerk, unit: shop-1}]}
  rui: {name: 样例工程师01, holds: [{role: desk-answerer, unit: shop-1}]}
  sun: {name: 样例主管01, holds: [{role: desk-supervisor, unit: shop-1}]}
"""

DOCUMENT = """
workflow: answers
version: 1
title: {zh: 咨询答复, en: Answers}
owner: desk-supervisor
organisation: desk
calendar: desk-hours
number: "AN{yy}-{seq:04}"
fields:
  customer: {type: text, title: {zh: 客户姓名, en: Customer}, personal: true}
  question: {type: text, title: {zh: 问题, en: Question}, lines: 3}
  answer:   {type: text, title: {zh: 答复, en: Answer}, lines: 3}
  promised: {type: datetime, title: {zh: 约定回电, en: Call back at}}
start:
  ask:
    title: {zh: 受理, en: Take in}
    by: desk-clerk
    asks: [customer, question]
    to: asked
states:
  asked:
    title: {zh: 待答复, en: To be answered}
    transitions:
      take:    {title: {zh: 接单, en: Take}, by: desk-answerer, assign: actor, to: stay}
      ask_back: {title: {zh: 追问客户, en: Ask back}, by: desk-answerer, to: waiting}
      promise: {title: {zh: 约定回电, en: Promise}, by: desk-answerer, asks: promised, to: stay}
      send:    {title: {zh: 答复, en: Answer}, by: desk-answerer, asks: answer, to: answered}
  waiting:
    title: {zh: 等客户, en: Waiting for the customer}
    waits_on: customer
    transitions:
      hear: {title: {zh: 客户回话, en: Customer answered}, by: desk-answerer, to: asked}
  answered:
    title: {zh: 已答复, en: Answered}
    final: success
    transitions:
      reopen: {title: {zh: 重开, en: Reopen}, by: desk-clerk, reason: required, to: asked}
anywhere:
  give_up:
    title: {zh: 逾期关闭, en: Give up}
    by: system
    in: asked
    requires: [{that: answer is set, say: {zh: 还没有答复, en: There is no answer yet}}]
    to: answered
clocks:
  reply:
    title: {zh: 答复时限, en: Reply}
    runs_in: [asked, waiting]
    pauses: {waits_on: customer}
    restart: on_entry
    limit: 3wh
    ladder:
      - {at: 50%, tell: assignee, template: due-soon}
      - {at: due, tell: [assignee, desk-supervisor], template: overdue}
      - {at: due + 1wh, tell: desk-supervisor, template: overdue, every: 1wh, times: 3}
      - {at: due + 2wd, fire: give_up}
  statutory:
    title: {zh: 法定答复期限, en: Statutory period}
    until: [send, give_up]
    limit: 5d
    legal: true
    source: [CON4]
    calendar: legal-days
  archive:
    title: {zh: 归档期限, en: Archive}
    until: [send, give_up]
    restart: [hear]
    limit: 60d
  callback:
    title: {zh: 回电, en: Call back}
    runs_in: asked
    due: promised
    calendar: legal-days
    ladder: [{at: due, tell: desk-supervisor, template: overdue}]
"""

HOURS = """
calendar: desk-hours
title: {zh: 柜台时间, en: Desk hours}
zone: Asia/Shanghai
official: CN
week: {workdays: [09:00-12:00, 13:30-18:00]}
quiet: 21:00-08:00
"""

LEGAL = """
calendar: legal-days
title: {zh: 法定期间, en: Legal days}
zone: Asia/Shanghai
official: CN
week: {workdays: 09:00-17:00}
roll: rest_day
"""


def furnish(folder: Path) -> None:
    """Put the company's own files into a founded folder."""
    (folder / "roles" / "desk.yaml").write_text(ROLES, encoding="utf-8")
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    (folder / "workflows" / "answers.yaml").write_text(DOCUMENT, encoding="utf-8")
    (folder / "workflows" / "calendars").mkdir()
    (folder / "workflows" / "calendars" / "desk-hours.yaml").write_text(HOURS, encoding="utf-8")
    (folder / "workflows" / "calendars" / "legal-days.yaml").write_text(LEGAL, encoding="utf-8")


def found(there: Terminal, *options: str) -> None:
    """A founded, published and staffed company; `options` of `init`."""
    at = ("--at", BEGINS) if "--simulated" in options else ()
    there.run(*at, "init", *options)
    furnish(there.folder)
    there.run("publish", "workflows/answers.yaml")
    there.run("people", "load", "people.yaml")


def ask(there: Terminal) -> None:
    """Take in a question."""
    there.run("open", "answers", "ask", "--as", "cai", "--set", "customer=测试客户甲", "--set", "question=何时能修好")


def wait_over_the_holidays(there: Terminal) -> None:
    """The question is asked back after twenty minutes; the customer answers on the first morning after the holidays."""
    ask(there)
    there.run("--at", "2026-09-30T16:50", "move", NUMBER, "ask_back", "--as", "rui")
    there.run("--at", "2026-10-08T09:30", "move", NUMBER, "hear", "--as", "rui")


def work(there: Terminal, at: str) -> None:
    """Deal with what is due, and tell."""
    there.run("--at", at, "sweep")
    there.run("deliver")
