"""A bundle is stored as its validated form and known by a digest of what it means to a running case."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.authoring.document import read
from engine.authoring.library import check_documents
from engine.authoring.supplies import Supplies
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import compile_bundle
from engine.definition.bundle import Bundle
from engine.definition.element import Bilingual
from engine.definition.message import MessageTemplate, Wording
from tests.process import ROLES, library, supplies, written

TEXT = """
fields:
  note: {type: text, title: 备注}
  kind: {type: choice, title: 类别, choices: {a: 甲, b: 乙}}
start:
  open: {title: 受理, by: desk, asks: [note?, kind], to: work}
states:
  work:
    title: 办理
    transitions:
      end: {title: 结案, by: [bench, store], not_by: open, to: {field: kind, is: {a: done, b: lost}}}
      wait: {title: 等待, by: boss, to: [{when: note is set, then: stay}, {else: done}]}
  done: {title: 完成, final: success}
  lost: {title: 丢失, final: failure}
anywhere:
  cancel: {title: 取消, by: boss, in: work, reason: required, to: lost}
"""


CALENDAR = """
calendar: desk-hours
title: {zh: 前台时间, en: Desk hours}
zone: Asia/Shanghai
shifts: {day: [09:00-12:00, 13:30-18:00]}
week: {workdays: day, saturday: 09:00-12:00}
dates: {2026-12-31: closed}
closures: [{title: {zh: 年会, en: Meeting}, first: 2026-11-05, last: 2026-11-05}]
"""


def bundle(text: str = TEXT) -> Bundle:
    found = library(text)
    assert found.diagnostics == ()
    return found.checked[0].bundle


def test_the_stored_form_is_the_same_bundle() -> None:
    first = bundle()
    again = Bundle.restored(first.form())

    assert again == first
    assert again.digest() == first.digest()
    assert again.form() == first.form()
    assert isinstance(compile_bundle(again), CompiledDefinition)


def test_a_bundle_takes_along_the_roles_it_mentions_and_what_keeps_them_apart() -> None:
    assert list(bundle().roles) == ["bench", "boss", "desk", "store"]
    assert bundle().apart == (("bench", "store"),)
    assert bundle(TEXT.replace("[bench, store]", "bench")).apart == ()


def test_a_role_mentioned_only_in_a_condition_is_taken_along() -> None:
    text = TEXT.replace("when: note is set", "when: note is set and acting (bench)").replace("by: [bench, store]", "by: desk")

    assert "bench" in bundle(text).roles


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("by: boss, to: [", "by: desk, to: ["),
        ("asks: [note?, kind]", "asks: [kind, note?]"),
        ("not_by: open, ", ""),
        ("title: 结案", "title: 结束"),
        ("final: failure", "final: abandoned"),
    ],
)
def test_whatever_the_text_changes_changes_the_digest(old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    assert bundle(TEXT.replace(old, new)).digest() != bundle().digest()


def test_layout_comments_and_titles_of_roles_do_not() -> None:
    first = bundle()
    renamed = first.model_copy(update={"roles": {name: Bilingual(zh="新", en="New") for name in first.roles}})

    assert bundle(TEXT.replace("start:", "# a remark\n\nstart:")).digest() == first.digest()
    assert renamed.digest() == first.digest()


def test_a_calendar_is_known_by_its_hours_and_a_template_by_its_texts() -> None:
    told = TEXT.replace("title: 受理,", "title: 受理, notify: [{tell: boss, template: overdue-parcel}],")
    template = MessageTemplate(zh=Wording(subject="甲", body="乙"), en=Wording(subject="A", body="B"))

    def digest(calendar: str = CALENDAR, template: MessageTemplate = template) -> str:
        given = Supplies(supplies(calendar).calendars, {"overdue-parcel": template})
        (checked,) = check_documents([read(written("calendar: desk-hours" + told).encode(), "a.yaml")], ROLES, given).checked
        assert Bundle.restored(checked.bundle.form()).digest() == checked.bundle.digest()
        return checked.bundle.digest()

    first = digest()
    assert digest(CALENDAR.replace("前台时间", "营业时间")) == first
    assert digest(CALENDAR.replace("{zh: 年会, en: Meeting}", "{zh: 年终会, en: Gathering}")) == first
    assert digest(CALENDAR.replace("workdays: day, saturday: 09:00-12:00", "saturday: 09:00-12:00, workdays: day")) == first
    assert digest(CALENDAR.replace("18:00", "17:00")) != first
    assert digest(CALENDAR.replace("last: 2026-11-05", "last: 2026-11-06")) != first
    assert digest(template=template.model_copy(update={"en": Wording(subject="A", body="C")})) != first


def test_nothing_changes_after_reading() -> None:
    with pytest.raises(ValidationError):
        bundle().workflow.states["work"].title = Bilingual(zh="新", en="New")  # type: ignore[misc]
