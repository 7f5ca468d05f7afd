"""What a template may contain: an allow-list on its syntax tree, and every departure from it as a Fault, all at once.

Bounds length and depth too, so that what passes is compiled and filled in bounded time. Knows the names that a template may
use from its caller only, and no values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache

from jinja2 import TemplateSyntaxError, meta, nodes

from engine.errors import did_you_mean
from engine.label import Label, Language, verbatim
from notifications.render.complaint import named, translated
from notifications.render.filters import ARGUMENTS
from notifications.render.sandbox import Sandbox
from notifications.template import Fault, Part, Template

SUBJECT_LIMIT = 200
"""Characters of a subject, filled."""

BODY_LIMIT = 20_000
"""Characters of a body, filled, and of any text as it is written."""

_DEPTH_LIMIT = 20
_PARSER = Sandbox("en")
_ITEM = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_NOWHERE: frozenset[str] = frozenset()

_ALLOWED = Label(
    "模板中只能使用变量、所列的过滤器、if 条件和 for 循环。",
    "A template may use variables, the listed filters, if conditions and for loops.",
)

Variables = Mapping[str, frozenset[str]]
"""A name that a template may use → the attributes it has; none for a plain value or a list of them."""


def check(template: Template, variables: Variables) -> tuple[Fault, ...]:
    """Everything that is wrong with the four texts of a template, Chinese before English; empty for one that may be sent."""
    found: list[Fault] = []
    for language in _LANGUAGES:
        text = template.text(language)
        found += _Inspection(text.subject, language, "subject", variables).faults()
        found += _Inspection(text.body, language, "body", variables).faults()
    return tuple(found)


def names(template: Template) -> frozenset[str]:
    """The names whose values the four texts of a template show; of a text with faults in its form, none."""
    texts = (text for language in _LANGUAGES for text in (template.text(language).subject, template.text(language).body))
    found: set[str] = set()
    for text in texts:
        with suppress(TemplateSyntaxError, RecursionError, ValueError):
            found |= meta.find_undeclared_variables(_PARSER.parse(text))
    return frozenset(found)


@lru_cache(maxsize=256)
def refused(source: str, language: Language, part: Part) -> tuple[Fault, ...]:
    """The faults of one text that lie in its form, whatever names may be used: such a text is never compiled."""
    return _Inspection(source, language, part, None).faults()


class _Inspection:
    """One walk through one text. Without variables any name passes, so that only the form is judged."""

    def __init__(self, source: str, language: Language, part: Part, variables: Variables | None) -> None:
        self._source = source
        self._lines = re.split(r"\r\n|\r|\n", source)
        self._language = language
        self._part = part
        self._variables = variables
        self._found: list[Fault] = []

    def faults(self) -> tuple[Fault, ...]:
        tree = self._tree()
        if tree is not None:
            self._block(tree.body, _NOWHERE, 0)
        return tuple(dict.fromkeys(self._found))

    def _tree(self) -> nodes.Template | None:
        if not self._source.strip():
            self.report("template-empty", 1, Label("应有文字，实际为空", "expected a text, found nothing"))
            return None
        if len(self._source) > BODY_LIMIT:
            sentence = Label("应不超过 {limit} 个字符，实际为 {found} 个", "expected at most {limit} characters, found {found}")
            self.report("template-too-long", 1, sentence.fill(limit=BODY_LIMIT, found=len(self._source)))
            return None
        try:
            return _parsed(self._source)
        except TemplateSyntaxError as error:
            self.report("template-syntax", error.lineno, translated(error.message or ""), _ALLOWED)
        except RecursionError:
            self._too_deep(1)
        except ValueError:
            self.report("template-syntax", 1, Label("有一个数过长", "a number is too long"), _ALLOWED)
        return None

    def _block(self, statements: Iterable[nodes.Node], items: frozenset[str], depth: int) -> None:
        for statement in statements:
            self._statement(statement, items, depth)

    def _statement(self, statement: nodes.Node, items: frozenset[str], depth: int) -> None:
        if depth > _DEPTH_LIMIT:
            self._too_deep(statement.lineno)
            return
        match statement:
            case nodes.Output(nodes=shown):
                self._values((each for each in shown if not isinstance(each, nodes.TemplateData)), items, depth)
            case nodes.If(test=test, body=body, elif_=others, else_=otherwise):
                self._value(test, items, depth + 1)
                self._block(body, items, depth + 1)
                for place, other in enumerate(others, 1):
                    self._statement(other, items, depth + place)
                self._block(otherwise, items, depth + 1)
            case nodes.For():
                self._loop(statement, items, depth)
            case _:
                self._not_allowed(statement)

    def _loop(self, loop: nodes.For, items: frozenset[str], depth: int) -> None:
        match loop:
            case nodes.For(target=nodes.Name(name=item), iter=nodes.Name(name=over), test=None, recursive=False) if not items:
                if not _ITEM.fullmatch(item) or item in (self._variables or ()):
                    sentence = Label("循环的项应为一个新名称，实际为“{item}”", "expected a new name for the item of a loop, found “{item}”")
                    self.report("template-not-allowed", loop.lineno, sentence.fill(item=item))
                self._name(over, loop.lineno, items)
                self._block(loop.body, frozenset({item}), depth + 1)
                self._block(loop.else_, items, depth + 1)
            case _:
                sentence = Label(
                    "应为不嵌套的 for 项 in 名称，实际为另一种循环",
                    "expected for ITEM in NAME, not within another loop, found another loop",
                )
                self.report("template-not-allowed", loop.lineno, sentence, _ALLOWED)

    def _values(self, values: Iterable[nodes.Node], items: frozenset[str], depth: int) -> None:
        for value in values:
            self._value(value, items, depth + 1)

    def _value(self, value: nodes.Node, items: frozenset[str], depth: int) -> None:
        if depth > _DEPTH_LIMIT:
            self._too_deep(value.lineno)
            return
        match value:
            case nodes.Const():
                pass
            case nodes.Name(name=name):
                self._name(name, value.lineno, items)
            case nodes.Getattr(node=nodes.Name(name=name), attr=attribute):
                self._attribute(name, attribute, value.lineno, items)
            case nodes.Filter(node=nodes.Node() as filtered):
                self._value(filtered, items, depth + 1)
                self._filter(value)
            case nodes.Compare(expr=left, ops=operands):
                self._values((left, *(operand.expr for operand in operands)), items, depth)
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                self._values((left, right), items, depth)
            case nodes.Not(node=denied):
                self._value(denied, items, depth + 1)
            case _:
                self._not_allowed(value)

    def _name(self, name: str, line: int, items: frozenset[str]) -> None:
        if name in items or not self._is_known(name, line):
            return
        parts = sorted(self._variables[name]) if self._variables is not None else ()
        if parts:
            sentence = Label("应为一个值，实际为由几部分组成的“{name}”", "expected one value, found “{name}”, which has several parts")
            way_out = _available(f"{name}.{part}" for part in parts)
            self.report("template-wrong-kind", line, sentence.fill(name=name), way_out, mention=name)

    def _attribute(self, name: str, attribute: str, line: int, items: frozenset[str]) -> None:
        if name not in items and not self._is_known(name, line):
            return
        written = f"{name}.{attribute}"
        if attribute.startswith("_"):
            self._hidden(written, line)
        elif self._variables is not None and attribute not in self._variables.get(name, ()):
            parts = [f"{name}.{part}" for part in sorted(self._variables.get(name, ()))]
            self._unknown("template-unknown-name", Label("变量", "variable"), written, line, parts or [name])

    def _is_known(self, name: str, line: int) -> bool:
        if name.startswith("_"):
            self._hidden(name, line)
            return False
        if self._variables is None or name in self._variables:
            return True
        self._unknown("template-unknown-name", Label("变量", "variable"), name, line, sorted(self._variables))
        return False

    def _filter(self, used: nodes.Filter) -> None:
        if used.name not in ARGUMENTS:
            self._unknown("template-unknown-filter", Label("过滤器", "filter"), used.name, used.lineno, sorted(ARGUMENTS))
            return
        are_texts = all(isinstance(each, nodes.Const) and isinstance(each.value, str) for each in used.args)
        if used.kwargs or used.dyn_args or used.dyn_kwargs or len(used.args) != ARGUMENTS[used.name] or not are_texts:
            takes = Label('一段引号中的文字，如 {it}("…")', 'one text in quotes, as in {it}("…")').fill(it=used.name)
            sentence = Label("“{it}”应带{takes}，实际不是", "expected “{it}” with {takes}, found something else")
            expected = takes if ARGUMENTS[used.name] else Label("空的括号或不带括号", "nothing in brackets")
            self.report("template-not-allowed", used.lineno, sentence.fill(it=used.name, takes=expected), mention=used.name)

    def _unknown(self, code: str, what: Label, name: str, line: int, known: Sequence[str]) -> None:
        sentence = Label("没有{what}“{name}”", "there is no {what} “{name}”").fill(what=what, name=name)
        self.report(code, line, sentence, did_you_mean(name, known) or _available(known), mention=name)

    def _hidden(self, name: str, line: int) -> None:
        sentence = Label("名称不能以下划线开头：“{name}”", "no name may begin with an underscore: “{name}”").fill(name=name)
        self.report("template-not-allowed", line, sentence, _ALLOWED, mention=name)

    def _not_allowed(self, node: nodes.Node) -> None:
        sentence = Label("模板中不能使用{what}", "{what} cannot be used in a template").fill(what=named(node))
        self.report("template-not-allowed", node.lineno, sentence, _ALLOWED)

    def _too_deep(self, line: int) -> None:
        sentence = Label("嵌套应不超过 {limit} 层，实际更深", "expected at most {limit} levels within each other, found more")
        self.report("template-too-deep", line, sentence.fill(limit=_DEPTH_LIMIT))

    def report(self, code: str, line: int | None, sentence: Label, way_out: Label | None = None, *, mention: str = "") -> None:
        place = line or 1  # Jinja2 makes some nodes without a line
        self._found.append(Fault(self._language, self._part, place, self._column(place, mention), code, sentence, way_out))

    def _column(self, line: int, mention: str) -> int | None:
        """Where a name stands, if its line holds it once: Jinja2 keeps no columns."""
        written = self._lines[line - 1]
        start = written.find(mention) if mention else -1
        return start + 1 if start >= 0 and written.find(mention, start + 1) < 0 else None


@lru_cache(maxsize=256)
def _parsed(source: str) -> nodes.Template:
    """The syntax tree of a text: to be looked at only, and so never given to the compiler, which rewrites it. Raises what Jinja2 does."""
    return _PARSER.parse(source)


def _available(names: Iterable[str]) -> Label:
    return Label("可用：{names}。", "Available: {names}.").fill(names=verbatim(", ".join(names)))
