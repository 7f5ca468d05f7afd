"""Documents that open each other's cases are checked together: children that are there and sound, no circle, nobody awaited in vain."""

from __future__ import annotations

from engine.authoring.library import Library
from tests.process import library

HEAD = """workflow: {name}
version: 1
title: 工单
owner: boss
organisation: shop
number: "{name}-{{seq:04}}"
fields:
  note: {{type: text, title: 备注}}
  done: {{type: boolean, title: 完成}}
start:
  open: {{title: 开单, by: [desk, parent], asks: {asks}, to: open}}
states:
"""


def document(name: str, *steps: str, asks: str = "note?", more: str = "") -> str:
    """A document with these steps in its state `open`, and more states."""
    lines = "".join(f"      {step}\n" for step in steps or ("end: {title: 结束, by: bench, to: closed}",))
    states = f"  open:\n    title: 办理\n    transitions:\n{lines}{more}  closed: {{title: 完成, final: success}}\n"
    return HEAD.format(name=name, asks=asks) + states


def opening(child: str, at_end: str = "leave") -> str:
    """A step that opens a case of another workflow, and ends."""
    return f"hand: {{title: 转办, by: bench, starts: {{workflow: {child}, as: kids, at_end: {at_end}}}, to: closed}}"


def told(found: Library) -> list[tuple[str, str, int]]:
    return [(one.file, one.code, one.span.line) for one in found.diagnostics]


def published(found: Library) -> set[str]:
    return {each.bundle.workflow.workflow for each in found.checked}


def test_the_order_of_documents_is_of_no_matter() -> None:
    texts = [document("aa", opening("bb")), document("bb", opening("cc")), document("cc")]

    for order in (texts, texts[::-1]):
        found = library(*order)
        assert found.diagnostics == ()
        assert published(found) == {"aa", "bb", "cc"}


def test_a_parent_is_not_published_without_a_sound_child() -> None:
    faulty = document("cc", "end: {title: 结束, by: nobody_known, to: closed}")
    found = library(document("aa", opening("bb")), document("bb", opening("cc")), faulty)

    assert [(file, code) for file, code, _ in told(found)] == [
        ("1.yaml", "unknown-workflow"),
        ("2.yaml", "unknown-workflow"),
        ("3.yaml", "unknown-role"),
    ]
    assert "has mistakes" in found.diagnostics[0].sentence.en
    assert published(found) == set()


def test_a_child_that_cannot_even_be_read_is_no_unknown_workflow() -> None:
    found = library(document("aa", opening("bb")), document("bb").replace("version: 1", "version: one"))

    assert [(file, code) for file, code, _ in told(found)] == [("1.yaml", "unknown-workflow"), ("2.yaml", "bad-number")]


def test_a_circle_is_named_in_each_of_its_documents() -> None:
    found = library(document("aa", opening("bb")), document("bb", opening("cc")), document("cc", opening("aa")))

    assert {one.code for one in found.diagnostics} == {"child-recursion"}
    assert [one.sentence.en.partition(": ")[2] for one in found.diagnostics] == [
        "aa → bb → cc → aa",
        "bb → cc → aa → bb",
        "cc → aa → bb → cc",
    ]


def test_who_waits_for_a_case_that_only_he_can_end_is_told() -> None:
    held = document("bb", "free: {title: 放行, by: parent, to: closed}")

    assert [code for _, code, _ in told(library(document("aa", opening("bb", "wait")), held))] == ["child-never-ends"]
    assert told(library(document("aa", opening("bb", "leave")), held)) == []
    assert told(library(document("aa", opening("bb", "cancel(free)")), held)) == []


def test_a_guard_or_an_automatic_step_waits_too() -> None:
    held = document("bb", "free: {title: 放行, by: parent, to: closed}")
    hand = opening("bb", "cancel(free)").replace("to: closed", "to: stay")
    for waiting in (
        "end: {title: 结束, by: bench, requires: [{that: count(kids where open) == 0, say: 须先结束}], to: closed}",
        "end: {title: 结束, by: system, when: every(not open of kids), to: closed}",
    ):
        found = library(document("aa", hand, waiting), held)
        assert [code for _, code, _ in told(found)] == ["child-never-ends"], waiting


def test_a_circle_of_automatic_steps_is_told_once_with_its_states() -> None:
    back = "  other:\n    title: 另一\n    transitions:\n      back: {title: 返回, by: system, when: not done, to: open}\n"
    steps = ("end: {title: 结束, by: bench, to: closed}", "over: {title: 转, by: system, when: note is set, to: other}")
    (one,) = library(document("aa", *steps, more=back)).diagnostics

    assert one.code == "automatic-endless"
    assert one.sentence.en.endswith("open → other → open")


def test_an_automatic_step_that_stays_must_change_what_it_looks_at() -> None:
    end = "end: {title: 结束, by: bench, to: closed}"
    for step, codes in (
        ("mark: {title: 标记, by: system, when: note is set and done is not set, set: {done: true}, to: stay}", []),
        ("mark: {title: 标记, by: system, when: note is set, set: {done: true}, to: stay}", ["automatic-endless"]),
        ("mark: {title: 标记, by: system, when: note is set and not done(mark), to: stay}", []),
    ):
        assert [code for _, code, _ in told(library(document("aa", end, step)))] == codes, step


def test_a_parent_is_another_definition_only_when_what_it_may_use_has_changed() -> None:
    def digest(child: str) -> str:
        return library(document("aa", opening("bb")), child).checked[0].compiled.digest

    was = digest(document("bb"))
    assert digest(document("bb").replace("title: 工单", "title: 别名")) == was
    assert digest(document("bb").replace("title: 备注", "title: 说明")) == was
    assert digest(document("bb", "end: {title: 结束, by: desk, to: closed}")) == was
    assert digest(document("bb", asks="[note?, done?]")) != was
    assert digest(document("bb", "end: {title: 结束, by: [bench, parent], to: closed}")) != was


WAITING = "  waiting:\n    title: 等待\n    transitions:\n{steps}"


def waiting(*steps: str, by_hand: bool = False) -> list[tuple[str, str, int]]:
    """Where it is said that a parent waits in vain for a child which may succeed or fail."""
    lines = [f"{{title: 到, by: system, when: {when}, to: closed}}" for when in steps]
    lines += ["{title: 罢, by: desk, to: closed}"] if by_hand else []
    states = WAITING.format(steps="".join(f"      step_{index}: {line}\n" for index, line in enumerate(lines)))
    order = "order: {title: 转办, by: bench, starts: {workflow: bb, as: kids, at_end: leave}, to: waiting}"
    failing = "  failed: {title: 失败, final: failure}\n"
    child = document("bb", "end: {title: 结束, by: bench, to: closed}", "fail: {title: 失手, by: bench, to: failed}", more=failing)
    return [each for each in told(library(document("aa", order, more=states), child)) if each[1] == "child-end-unhandled"]


def test_whichever_way_a_child_ends_some_step_goes_on() -> None:
    assert waiting("last(outcome of kids) == success") == [("1.yaml", "child-end-unhandled", 17)]
    assert waiting("last(state of kids) == closed or last(state of kids) == closed and note is set") == [
        ("1.yaml", "child-end-unhandled", 17)
    ]
    assert waiting("last(outcome of kids) == success", "last(outcome of kids) != success") == []
    assert waiting("last(outcome of kids) == success", "last(state of kids) == failed and note is set") == []
    assert waiting("count(kids where open) == 0") == []
    assert waiting("last(outcome of kids) == success", by_hand=True) == []


def test_the_children_that_a_step_opens_are_there_when_it_tells_of_it() -> None:
    requires = "requires: [{that: count(kids) == 0, say: 已开}]"
    notify = "notify: [{tell: desk, when: count(kids) == 1, template: loaner-due, with: {device: note otherwise number}}]"
    once = f"hand: {{title: 转办, by: bench, {requires}, starts: {{workflow: bb, as: kids, at_end: leave}}, {notify}, to: open}}"

    found = library(document("aa", once, "end: {title: 结束, by: bench, shows: [note], to: closed}"), document("bb"))

    assert [one.code for one in found.diagnostics if one.code.startswith("always")] == []
