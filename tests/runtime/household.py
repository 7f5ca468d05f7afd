"""An order of the small company that fetches parts from the store: a parent with children, published beside the desk repair."""

from __future__ import annotations

from typing import Any

from engine.authoring.document import read
from engine.authoring.library import Checked, check_documents
from engine.core.command import OpenCase
from engine.runtime.answer import Answer
from engine.runtime.caller import Key
from engine.runtime.publishing import publish
from tests.process import SUPPLIES, tidy
from tests.runtime.company import START, Company, caller, granted, registry

ORDER = """
workflow: desk-order
version: 1
title: {zh: 柜台订货, en: Desk order}
owner: desk-supervisor
organisation: desk
number: "DH{yy}-{seq:04}"
fields:
  item:   {type: text, title: {zh: 物料, en: Item}}
  pieces: {type: integer, title: {zh: 件数, en: Pieces}}
  spare:  {type: integer, title: {zh: 备用件数, en: Spare pieces}}
  loan:   {type: integer, title: {zh: 借用件数, en: Pieces on loan}}
  got:    {type: integer, title: {zh: 已领件数, en: Pieces received}, computed: sum(handed otherwise 0 of parts)}
start:
  order: {title: {zh: 下单, en: Order}, by: desk-clerk, asks: [item], to: ordering}
states:
  ordering:
    title: {zh: 待领料, en: Ordering}
    transitions:
      fetch:
        title: {zh: 领料, en: Fetch}
        by: desk-repairer
        asks: [pieces, spare?, loan?]
        starts:
          - {workflow: desk-parts, as: parts, with: {item: item, pieces: pieces}, returns: handed, at_end: cancel(withdraw)}
          - workflow: desk-parts
            as: parts
            when: spare is set
            with: {item: item, pieces: spare}
            at_end: cancel(withdraw)
          - {workflow: desk-parts, as: loans, when: loan is set, with: {item: item, pieces: loan}, at_end: wait}
        to: waiting
  waiting:
    title: {zh: 待料, en: Waiting}
    transitions:
      arrived: {title: {zh: 到料, en: Arrived}, by: system, when: count(parts where open) == 0, to: closed}
      drop:    {title: {zh: 作罢, en: Drop}, by: desk-clerk, to: dropped}
      hurry:   {title: {zh: 加急, en: Hurry}, by: [desk-clerk, desk-repairer], approvals: {at_least: 2}, to: stay}
  closed:  {title: {zh: 已结案, en: Closed}, final: success}
  dropped: {title: {zh: 已作罢, en: Dropped}, final: abandoned}
"""

PARTS = """
workflow: desk-parts
version: 1
title: {zh: 柜台出库, en: Desk parts}
owner: desk-supervisor
organisation: desk
number: "DC{yy}-{seq:04}"
fields:
  item:   {type: text, title: {zh: 物料, en: Item}}
  pieces: {type: integer, min: 1, title: {zh: 件数, en: Pieces}}
  handed: {type: integer, title: {zh: 交付件数, en: Handed over}}
start:
  request: {title: {zh: 领料, en: Request}, by: parent, asks: [item, pieces], to: picking}
states:
  picking:
    title: {zh: 备料, en: Picking}
    transitions:
      issue:    {title: {zh: 发料, en: Issue}, by: desk-repairer, asks: handed, to: issued}
      pack:     {title: {zh: 打包, en: Pack}, by: desk-repairer, to: packed}
      withdraw: {title: {zh: 撤回, en: Withdraw}, by: [parent, desk-repairer], to: withdrawn}
  packed:
    title: {zh: 已打包, en: Packed}
    transitions:
      send: {title: {zh: 发运, en: Send}, by: desk-repairer, to: issued}
  issued:
    title: {zh: 已出库, en: Issued}
    final: success
    transitions:
      back: {title: {zh: 重开, en: Reopen}, by: desk-repairer, to: picking}
  withdrawn: {title: {zh: 已撤回, en: Withdrawn}, final: abandoned}
"""


def documents(order: str = ORDER, parts: str = PARTS) -> tuple[Checked, ...]:
    """Both documents, which must have no fault."""
    found = tidy(check_documents([read(order.encode(), "desk-order.yaml"), read(parts.encode(), "desk-parts.yaml")], registry(), SUPPLIES))
    assert found.diagnostics == (), [(one.code, one.span, one.sentence.en) for one in found.diagnostics]
    return found.checked


def publish_family(company: Company) -> Company:
    """The company, which now orders too."""
    publish(company.app.database, documents(), "os:owner", START)
    return company


def ordered(company: Company, item: str = "屏幕") -> str:
    """An order, open; its number."""
    return granted(company.app.cases.open("desk-order", OpenCase("order", {"item": item}), caller("cai"))).outcome.number


def fetch(company: Company, number: str, *, key: Key | None = None, dry_run: bool = False, **pieces: Any) -> Answer:
    """The step that opens a case for the pieces, one for the spare ones, and one for those on loan, which must end first."""
    return company.fire(number, "fetch", "rui", key=key, dry_run=dry_run, **pieces)


def fetched(company: Company, **pieces: Any) -> tuple[str, tuple[str, ...]]:
    """An order that waits for its parts: its number, and those of its children."""
    number = ordered(company)
    outcome = granted(fetch(company, number, **(pieces or {"pieces": 2}))).outcome
    return number, tuple(child for _, child in outcome.opened)
