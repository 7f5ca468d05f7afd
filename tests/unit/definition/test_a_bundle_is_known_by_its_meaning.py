"""A bundle is stored as its validated form and known by a digest of what it means to a running case."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.core.compiled import CompiledDefinition
from engine.core.compiling import compile_bundle
from engine.definition.bundle import Bundle
from engine.definition.element import Bilingual
from tests.process import library

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


def test_nothing_changes_after_reading() -> None:
    with pytest.raises(ValidationError):
        bundle().workflow.states["work"].title = Bilingual(zh="新", en="New")  # type: ignore[misc]
