"""Checks messages: every template can be filled where it is used, in both languages, and says nothing personal.

What is sent lies in the inbox in clear, where erasing the values of a case does not reach: a personal value must not get there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.authoring.checks.following import placed
from engine.core.compiled import CompiledDefinition
from engine.core.expression.term import FieldValue, leaves
from engine.core.kind import BOOLEAN
from engine.core.problem import Path, Problem
from engine.core.telling import NoticeRule
from engine.label import Label, Language, joined
from notifications.render import check as check_template
from notifications.template import Fault, Part, Template

ALWAYS: Mapping[str, frozenset[str]] = {
    "case": frozenset({"number", "title", "state", "link"}),
    "recipient": frozenset({"name"}),
}
"""What every template may show: name → its parts."""

OF_A_CLOCK: Mapping[str, frozenset[str]] = {"clock": frozenset({"title", "due", "left"})}
"""What a rung may show besides."""

_UNKNOWN = "template-unknown-name"
_LANGUAGES: Mapping[Language, Label] = {"zh": Label("中文", "Chinese"), "en": Label("英文", "English")}
_PARTS: Mapping[Part, Label] = {"subject": Label("标题", "subject"), "body": Label("正文", "body")}


def check_text(definition: CompiledDefinition) -> tuple[Problem, ...]:
    """A problem for each fault of a template where it is used, and for each value that must not or need not be passed to it."""
    uses = (
        *(_Use(definition, path, notice, ALWAYS) for path, notice in _lines(definition)),
        *(_Use(definition, path, notice, {**ALWAYS, **OF_A_CLOCK}) for path, notice in _rungs(definition)),
    )
    return tuple(dict.fromkeys(problem for use in uses for problem in use.problems()))


def _lines(definition: CompiledDefinition) -> Iterator[tuple[Path, NoticeRule]]:
    for step in definition.steps():
        for index, notice in enumerate(step.notify):
            yield (*step.path, "notify", index), notice


def _rungs(definition: CompiledDefinition) -> Iterator[tuple[Path, NoticeRule]]:
    for clock in definition.clocks.values():
        for rung in clock.ladder:
            if rung.notice is not None:
                yield rung.path, rung.notice


@dataclass(frozen=True, slots=True)
class _Use:
    """One line that tells somebody something."""

    definition: CompiledDefinition
    path: Path
    notice: NoticeRule
    given: Mapping[str, frozenset[str]]

    def problems(self) -> Iterator[Problem]:
        """Faults of the templates that may be chosen, then of the values."""
        variables = {**self.given, **{name: frozenset[str]() for name, _ in self.notice.values}}
        for place, name, _ in placed(self.notice.template, (*self.path, "template")):
            yield from _faults(name, check_template(self.definition.templates[name], variables), place)
        yield from self._personal()
        yield from self._several()
        templates = [self.definition.templates[name] for name in self.notice.template.values()]
        for name, _ in self.notice.values:
            if not any(_shows(template, name, variables) for template in templates):
                sentence = Label("模板没有用到“{name}”", "the template never shows “{name}”").fill(name=name)
                way_out = Label("删去它，或在模板中写 {it}。", "Leave it out, or write {it} in the template.").fill(it=f"{{{{ {name} }}}}")
                yield Problem("unused-variable", (*self.path, "with", name), sentence, way_out, of_key=True)

    def _several(self) -> Iterator[Problem]:
        """Rows and files are many values: a message tells how many, or their sum."""
        for name, value in self.notice.values:
            if value.kind.name in ("list", "file", "files"):
                sentence = Label(
                    "“{it}”是明细行或附件，不能整个写进消息", "“{it}” is rows or files and cannot stand in a message as a whole"
                )
                way_out = Label("明细行请写 count(…) 或 sum(… of …)。", "Of rows pass a count(…) or a sum(… of …).")
                yield Problem("rows-in-message", (*self.path, "with", name), sentence.fill(it=value.text), way_out)

    def _personal(self) -> Iterator[Problem]:
        """Personal values that are passed on. Yes and no tell none."""
        for name, value in self.notice.values:
            for leaf in leaves(value.tree) if value.kind != BOOLEAN else ():
                if isinstance(leaf, FieldValue) and leaf.field in self.definition.personal:
                    sentence = Label("“{field}”是个人信息，不能写进消息", "“{field}” is personal and cannot stand in a message")
                    way_out = Label("去掉它；收件人可打开工单查看。", "Leave it out: who may see it opens the case.")
                    yield Problem(
                        "personal-in-message",
                        (*self.path, "with", name),
                        sentence.fill(field=leaf.field),
                        way_out,
                        leaf.place.offset,
                        leaf.place.end - leaf.place.offset,
                    )


def _faults(name: str, faults: tuple[Fault, ...], path: Path) -> Iterator[Problem]:
    """What is wrong with a template; the same fault in several places is told once, with all of them."""
    places: dict[tuple[bool, Label, Label | None], list[Label]] = {}
    for fault in faults:
        places.setdefault((fault.code == _UNKNOWN, fault.sentence, fault.way_out), []).append(_place(fault))
    for (is_unknown, what, way_out), where in places.items():
        sentence = Label("模板“{name}”（{where}）：{what}", "template “{name}” ({where}): {what}").fill(
            name=name, where=joined(where, Label("、", "; ")), what=what
        )
        yield Problem("unknown-variable", path, sentence, way_out) if is_unknown else Problem("template-fault", path, sentence, way_out)


def _place(fault: Fault) -> Label:
    where = Label("{language}{part}第 {line} 行", "{language} {part}, line {line}").fill(
        language=_LANGUAGES[fault.language], part=_PARTS[fault.part], line=fault.line
    )
    if fault.column is None:
        return where
    return Label("{where}第 {column} 列", "{where}, column {column}").fill(where=where, column=fault.column)


def _shows(template: Template, name: str, variables: Mapping[str, frozenset[str]]) -> bool:
    """Whether the template would miss a variable."""
    without = {each: parts for each, parts in variables.items() if each != name}
    return check_template(template, without) != check_template(template, variables)
