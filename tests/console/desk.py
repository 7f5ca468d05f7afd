"""The company before a screen, with a process whose form has a field of every kind, and what a browser without script makes of a form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from httpx2 import Response

from engine.authoring.document import read
from engine.authoring.library import check_documents
from engine.core.command import OpenCase
from engine.runtime.publishing import publish
from tests.console.reception import Reception, part, said
from tests.process import SUPPLIES, tidy
from tests.runtime.company import DOCUMENT, START, Company, caller, granted, registry
from tests.web.centre import Centre
from tests.web.counter import open_counter

SAMPLES = """
workflow: desk-sample
version: 1
title: {zh: 样品登记, en: Sample}
owner: desk-supervisor
organisation: desk
number: "DS{yy}-{seq:04}"
undo: 10m
fields:
  words:    {type: text, title: {zh: 名称, en: Name}}
  story:    {type: text, title: {zh: 说明, en: Story}, lines: 3}
  serial:   {type: text, title: {zh: 串号, en: Serial}, pattern: "[0-9]{15}"}
  vin:      {type: text, title: {zh: 车架号, en: VIN}, pattern: "[A-HJ-NPR-Z0-9]{17}"}
  tel:      {type: phone, title: {zh: 手机号, en: Mobile}, personal: true}
  mail:     {type: email, title: {zh: 邮箱, en: Mail}, personal: true}
  sure:     {type: boolean, title: {zh: 已核对, en: Checked}}
  count:    {type: integer, title: {zh: 数量, en: Count}, min: 1, max: 9}
  weight:   {type: decimal, title: {zh: 重量, en: Weight}}
  fee:      {type: money, title: {zh: 费用, en: Fee}, currency: CNY, min: "0"}
  day:      {type: date, title: {zh: 日期, en: Day}}
  at:       {type: datetime, title: {zh: 时间, en: Time}}
  colour:   {type: choice, title: {zh: 颜色, en: Colour}, choices: {red: {zh: 红, en: Red}, blue: {zh: 蓝, en: Blue}}}
  kind:
    type: choice
    title: {zh: 类别, en: Sort}
    choices:
      {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}, c: {zh: 丙, en: C}, d: {zh: 丁, en: D},
       e: {zh: 戊, en: E}, f: {zh: 己, en: F}, g: {zh: 庚, en: G}}
  repairer: {type: person, title: {zh: 维修员, en: Repairer}, role: desk-repairer}
  helpers:  {type: people, title: {zh: 协助人, en: Helpers}, role: desk-repairer}
  shop:     {type: unit, title: {zh: 门店, en: Shop}}
  repair:   {type: case, workflow: desk-repair, title: {zh: 维修单, en: Repair}}
  photo:    {type: file, title: {zh: 照片, en: Photo}, accept: [png]}
  papers:   {type: files, title: {zh: 单据, en: Papers}, accept: [png, txt], count: 3}
  spares:
    type: list
    title: {zh: 备件, en: Spares}
    key: part
    of:
      part:   {type: text, title: {zh: 件号, en: Part}}
      pieces: {type: integer, title: {zh: 件数, en: Pieces}, min: 1}
      fitted: {type: boolean, title: {zh: 已装, en: Fitted}}
start:
  begin: {title: {zh: 登记, en: Begin}, by: desk-clerk, asks: [words, story?], to: waiting}
states:
  waiting:
    title: {zh: 待填, en: Waiting}
    transitions:
      fill:
        title: {zh: 填写, en: Fill in}
        by: desk-clerk
        shows: [words]
        asks: [serial, vin?, tel, mail?, sure, count, weight?, fee, day, at, colour, kind, repairer,
               helpers?, shop?, repair?, photo?, papers?, {rows: spares, columns: [part, pieces], whole: true}]
        requires:
          - {that: sure, say: {zh: 须先核对, en: It must be checked first}}
          - {that: count < 9 or story is set, say: {zh: 九件须有说明, en: Nine take a story}}
        to: filled
      edit:  {title: {zh: 改写, en: Edit}, by: desk-clerk, asks: [words, story?], to: stay}
      give_up: {title: {zh: 放弃, en: Give up}, by: [desk-clerk, desk-supervisor], reason: required, to: dropped}
  filled:
    title: {zh: 已填, en: Filled}
    transitions:
      fit:   {title: {zh: 装配, en: Fit}, by: [desk-clerk, desk-repairer], asks: [{rows: spares, columns: [fitted]}], to: stay}
      close: {title: {zh: 结案, en: Close}, by: desk-repairer, to: done}
  done:    {title: {zh: 已结案, en: Done}, final: success}
  dropped: {title: {zh: 已放弃, en: Dropped}, final: failure}
"""


@dataclass(frozen=True)
class Paper:
    """A form as it stands on a page: where it is sent, and what a browser would send of it."""

    action: str
    values: dict[str, list[str]]
    page: BeautifulSoup
    form: Tag

    @property
    def faults(self) -> list[str]:
        """The lines of the summary."""
        return [each.get_text(" ", strip=True) for each in self.page.select(".open-form .faults li")]

    def beside(self, id: str) -> str:
        """What is said to be wrong beside a control."""
        found = self.page.select_one(f"#{id}-fault")
        return found.get_text(" ", strip=True) if found is not None else ""

    def sent(self, **filled: Any) -> dict[str, Any]:
        """Everything that it sends, with these fields filled in."""
        return {**self.values, **{f"data.{name}": value for name, value in filled.items()}}


def paper(page: BeautifulSoup, chosen: str = ".open-form form") -> Paper:
    """The form of a page that a selector chooses, which there must be."""
    form = part(page, chosen)
    values: dict[str, list[str]] = {}
    for each in form.select("input[name], select[name], textarea[name]"):
        name, kind = said(each, "name"), said(each, "type")
        if each.find_parent("template") is not None or kind == "file" or (kind in ("radio", "checkbox") and not each.has_attr("checked")):
            continue
        values.setdefault(name, []).append(_value(each))
    return Paper(said(form, "action"), values, page, form)


def _value(control: Tag) -> str:
    if control.name == "textarea":
        return control.get_text()
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return said(chosen, "value") if chosen is not None else ""
    return said(control, "value")


@dataclass(frozen=True)
class Desk(Reception):
    """The company, with a browser for each of its people."""

    company: Company = field(kw_only=True)

    def begun(self, **data: object) -> str:
        """A sample is registered; its number."""
        wish = OpenCase("begin", {"words": "样品", **data})
        return granted(self.app.cases.open("desk-sample", wish, caller("cai"))).outcome.number

    def ask(self, person: str, number: str, step: str, status: int = 200) -> Paper:
        """The form of a step, as it stands open."""
        return paper(self.read(person, f"/cases/{number}/steps/{step}", status))

    def send(self, person: str, form: Paper, status: int, **more: Any) -> BeautifulSoup:
        """What a form is answered, which must have this status; `data` and `files` go with it."""
        answer: Response = self.post(person, form.action, more.pop("data", form.values), **more)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")


@contextmanager
def open_desk(url: str) -> Iterator[Desk]:
    """The company as a server has it open; everything is proven when it closes."""
    with open_counter(url) as counter:
        documents = [read(each.encode(), name) for name, each in (("desk-repair.yaml", DOCUMENT), ("desk-sample.yaml", SAMPLES))]
        library = tidy(check_documents(documents, registry(), SUPPLIES))
        assert library.diagnostics == ()
        publish(counter.company.app.database, library.checked, "os:owner", START)
        with counter.client:
            yield Desk(Centre(counter.company.app, counter.client), company=counter.company)
