"""A document becomes a model, or every complaint of pydantic becomes a sentence of ours at the exact key or value."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import read
from engine.authoring.loader import load
from engine.authoring.not_yet import KEYS
from engine.authoring.walk import keys
from engine.definition.element import Element
from engine.definition.organisation import PeopleFile, RoleFile
from engine.definition.sharing import WorkflowFile
from engine.definition.workflow import Workflow

CORRECT = (Path(__file__).parents[2] / "corpus" / "correct.yaml").read_text(encoding="utf-8")


def told(text: str, model: type[Element] = Workflow) -> tuple[Diagnostic, ...]:
    return load(read(text.encode(), "a.yaml"), model)[1]


def only(text: str, model: type[Element] = Workflow) -> Diagnostic:
    (diagnostic,) = told(text, model)
    return diagnostic


def changed(old: str, new: str) -> str:
    assert old in CORRECT
    return CORRECT.replace(old, new, 1)


def test_a_correct_document_becomes_a_model() -> None:
    workflow, diagnostics = load(read(CORRECT.encode(), "a.yaml"), Workflow)
    assert diagnostics == ()
    assert workflow is not None
    assert (workflow.workflow, workflow.version, workflow.number) == ("parcel", 1, "P{yy}-{seq:04}")
    assert workflow.start["receive"].by == ("desk",)


def test_the_sentence_names_what_was_expected_and_found_and_the_nearest_word() -> None:
    one = only(changed("final: success", "final: succes"))
    assert one.sentence.en == "expected one of the words known here, found “succes”"
    assert one.sentence.zh == "此处应为已知的词，实际为“succes”"
    assert one.way_out is not None
    assert one.way_out.en.startswith("Did you mean “success”?")
    assert one.way_out.zh.startswith("是不是想写“success”？")


def test_a_misspelt_required_key_is_not_called_missing_as_well() -> None:
    one = only(changed("owner:", "ownr:"))
    assert one.code == "unknown-key"
    assert one.way_out is not None
    assert one.way_out.en.startswith("Did you mean “owner”?")


def test_a_key_that_is_there_already_is_not_suggested() -> None:
    one = only(changed("owner: supervisor", "owner: supervisor\nowners: supervisor"))
    assert one.way_out is not None
    assert "Did you mean “owner”?" not in one.way_out.en


@pytest.mark.parametrize(
    ("found", "meant"), [("yes", "true"), ("on", "true"), ("是", "true"), ("no", "false"), ("off", "false"), ("否", "false")]
)
def test_a_flag_that_is_no_flag_is_told_what_it_probably_means(found: str, meant: str) -> None:
    one = only(changed("type: text", f"type: text, personal: {found}"))
    assert one.code == "bad-flag"
    assert one.sentence.en == f"expected true or false, found “{found}”"
    assert one.way_out is not None
    assert one.way_out.en == f"Write “{meant}”."


def test_branches_of_a_value_are_not_taken_for_keys() -> None:
    one = only(changed("    to: open", "    to: [{when: note is set, than: open}, {else: open}]"))
    assert (one.code, one.span.line, one.span.column) == ("unknown-key", 17, 30)
    assert one.way_out is not None
    assert one.way_out.en.startswith("Did you mean “then”?")


def test_names_that_python_forced_upon_the_models_are_not_words_of_the_language() -> None:
    diagnostics = told(changed("    to: open", "    to: [{when: note is set, then: open}, {otherwise: open}]"))
    assert [(one.code, one.span.column) for one in diagnostics] == [("unknown-key", 44)]


def test_a_title_in_one_language_says_which_one_is_missing_and_keeps_the_other() -> None:
    one = only(changed("{zh: 收件, en: Parcel}", "{zh: 收件}"))
    assert one.sentence == type(one.sentence)("应有中文和英文两种文字，缺少“en”", "expected the text in Chinese and English, found no “en”")
    assert one.way_out is not None
    assert one.way_out.en == "Write “{zh: 收件, en: …}”."


def test_too_few_entries_are_not_told_when_the_entries_themselves_are_wrong() -> None:
    assert [one.code for one in told(changed("    to: open", "    to: [open, closed]"))] == ["wrong-shape", "wrong-shape"]


@pytest.mark.parametrize(("model", "key"), [(model, key) for model, words in KEYS.items() for key in words])
def test_a_word_that_waits_for_its_feature_is_not_known_to_the_models_yet(model: type[Element], key: str) -> None:
    assert key not in keys(model)


@pytest.mark.parametrize("key", KEYS[Workflow])
def test_a_key_of_the_document_that_waits_for_its_feature_says_so(key: str) -> None:
    one = only(changed("owner:", f"{key}: x\nowner:"))
    assert (one.code, one.span.line, one.span.column) == ("not-supported", 5, 1)
    assert "not yet supported" in one.sentence.en
    assert "尚未支持" in one.sentence.zh


def test_nothing_is_missing_beside_what_would_have_brought_it_along() -> None:
    assert told("workflow: a\nextends: b\nversion: 1\ntitle: {zh: 甲, en: A}\n", WorkflowFile) == ()


def test_the_loader_serves_any_model() -> None:
    roles = "organisation: phone\nroles:\n  desk: {title: {zh: 前台, en: Desk}}\napart: [[desk], [desk, clerk, boss]]\n"
    assert [(one.code, one.span.line, one.span.column) for one in told(roles, RoleFile)] == [("too-few", 4, 9), ("too-many", 4, 17)]
    people = "people:\n  amy: {name: 测试员工甲, holds: [{role: desk, since: 28.9.2026}]}\n"
    one = only(people, PeopleFile)
    assert (one.code, one.span.line, one.span.column) == ("bad-value", 2, 50)
    assert one.sentence.en == "expected a date such as 2026-09-28, found “28.9.2026”"


def test_a_long_or_dangerous_text_is_shortened_within_a_sentence() -> None:
    one = only(changed("owner: supervisor", f"owner: {'x' * 30} {'Y' * 33}"))
    assert len(one.sentence.en) < 130
    assert "…" in one.sentence.en
