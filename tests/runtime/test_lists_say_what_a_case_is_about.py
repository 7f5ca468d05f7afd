"""A summary says of a case what its definition has lists say: as the values read now, cut short, and nothing that is personal."""

from __future__ import annotations

import pytest

from engine.authoring.document import read
from engine.authoring.library import check_documents
from engine.core.command import Fire, OpenCase
from engine.label import Label
from engine.runtime.publishing import publish
from engine.runtime.titles import person_title
from engine.store.cases import Filter
from tests.process import SUPPLIES, tidy
from tests.runtime.company import START, Company, caller, granted, registry

ORDER = """
workflow: desk-order
version: 1
title: {zh: 订货, en: Order}
owner: desk-supervisor
organisation: desk
number: "DO{yy}-{seq:04}"
summary: [sort, lines, asked_by, words]
fields:
  sort: {type: choice, title: {zh: 种类, en: Sort}, choices: {urgent: {zh: 加急, en: Urgent}, plain: {zh: 普通, en: Plain}}}
  lines:
    type: list
    title: {zh: 明细, en: Lines}
    of:
      part:   {type: text, title: {zh: 物料, en: Part}}
      pieces: {type: integer, title: {zh: 件数, en: Pieces}}
  asked_by: {type: person, title: {zh: 申请人, en: Asked by}}
  words:    {type: text, title: {zh: 说明, en: Words}, lines: 3}
  customer: {type: text, title: {zh: 客户, en: Customer}, personal: true}
start:
  order: {title: {zh: 订货, en: Order}, by: desk-clerk, asks: [sort, lines?, words?, customer?], set: {asked_by: actor}, to: ordered}
states:
  ordered:
    title: {zh: 已订, en: Ordered}
    transitions:
      change: {title: {zh: 修改, en: Change}, by: desk-clerk, asks: [sort, words?], to: stay}
      arrive: {title: {zh: 到货, en: Arrive}, by: desk-clerk, to: done}
  done: {title: {zh: 完成, en: Done}, final: success}
"""


def found(text: str) -> list[str]:
    return [each.code for each in check_documents([read(text.encode(), "order.yaml")], registry(), SUPPLIES).diagnostics]


@pytest.fixture
def store(company: Company) -> Company:
    library = tidy(check_documents([read(ORDER.encode(), "order.yaml")], registry(), SUPPLIES))
    assert library.diagnostics == ()
    publish(company.app.database, library.checked, "os:owner", START)
    return company


def told(store: Company, number: str) -> Label | None:
    listed = {each.line.number: each.summary for each in store.app.views.page(Filter(), 20).lines}
    assert listed[number] == store.app.views.find(number, 5).lines[0].summary
    return listed[number]


def test_in_words_and_in_the_order_of_the_definition(store: Company) -> None:
    data = {"sort": "urgent", "lines": [{"part": "SCR-1", "pieces": 2}, {"part": "BAT-1", "pieces": 1}], "customer": "测试客户甲"}
    number = granted(store.app.cases.open("desk-order", OpenCase("order", data), caller("cai"))).outcome.number
    name = person_title("cai", store.app.directory.roster())

    assert told(store, number) == Label(f"加急 · 2 行：SCR-1、2；BAT-1、1 · {name.zh}", f"Urgent · 2 rows: SCR-1, 2; BAT-1, 1 · {name.en}")

    granted(store.app.cases.handle(number, Fire("change", {"sort": "plain", "words": "x" * 99 + "\n\n y"}), caller("cai")))

    changed = told(store, number)
    assert changed is not None
    assert changed.zh.endswith(f"{name.zh} · {'x' * 59}…")
    assert changed.en.startswith("Plain · 2 rows")


def test_a_definition_without_one_says_nothing(company: Company) -> None:
    number = company.opened()

    assert told(company, number) is None


def test_words_on_several_lines_are_one(store: Company) -> None:
    opened = OpenCase("order", {"sort": "plain", "words": " 甲\n\t乙 "})
    number = granted(store.app.cases.open("desk-order", opened, caller("cai"))).outcome.number
    name = person_title("cai", store.app.directory.roster())

    assert told(store, number) == Label(f"普通 · {name.zh} · 甲 乙", f"Plain · {name.en} · 甲 乙")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("[sort, customer]", "personal-summary"),
        ("[sort, nobody]", "unknown-field"),
        ("photo", "type-mismatch"),
        ("[sort, lines, asked_by, words, sort]", "too-many"),
    ],
)
def test_what_cannot_stand_there_is_refused(written: str, code: str) -> None:
    text = ORDER.replace("[sort, lines, asked_by, words]", written)
    text = text.replace("fields:\n", "fields:\n  photo: {type: file, title: {zh: 照片, en: Photo}}\n", 1)

    assert code in found(text)
