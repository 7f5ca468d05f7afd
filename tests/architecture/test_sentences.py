"""Sentences keep one style: errors and ways out are whole sentences, refusals have a capital alone, diagnostics have neither.

Looks at every Label written where one of them is made, followed through `fill` and local names. A part of a sentence, such as
what was expected, is not judged.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.architecture.tree import name, parsed, product

ERRORS = ("Misuse", "Unknown", "Conflict", "Unavailable", "NotInitialised", "Damaged", "KeyReused", "VersionTaken", "Raced", "Lost")
SENTENCE_AT = {**dict.fromkeys(ERRORS, 0), "Reason": 1, "Problem": 2, "report": 2, "fault": 2, "Mistake": 3}
"""Where the sentence stands among the arguments of what is made. The way out comes next, but for reasons, which have none."""
WAY_OUT_AT = {made: at + 1 for made, at in SENTENCE_AT.items() if made != "Reason"} | {"expected": 4, "wrong_arguments": 3, "wrong_kind": 2}


@dataclass(frozen=True, slots=True)
class Written:
    """A Label as it is written: for what, where, in both languages."""

    kind: str
    place: str
    zh: str
    en: str

    def faults(self) -> list[str]:
        """What is wrong with it."""
        wanted_capital = self.kind != "diagnostic"
        wanted_stop = self.kind in ("error", "way out")
        first = self.en.lstrip("“{")[:1]
        found = []
        if self.en[:1].isalpha() and first.isupper() is not wanted_capital:
            found.append("capital")
        if (self.en[-1] in ".?!") is not wanted_stop or (self.zh[-1] in "。？！") is not wanted_stop:
            found.append("full stop")
        if {*"「」"} & {*self.zh} or self.zh[-1] in ",;.?!":
            found.append("punctuation")
        return found


def written(tree: ast.Module, file: str) -> Iterator[Written]:
    """Every sentence and way out that a module writes out."""
    for scope in ast.walk(tree):
        if isinstance(scope, ast.Module | ast.FunctionDef):
            names = _names(scope)
            for call in _calls(scope):
                made = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
                kind = "error" if made in ERRORS else "refusal" if made == "Reason" else "diagnostic"
                for what, at in ((kind, SENTENCE_AT.get(made)), ("way out", WAY_OUT_AT.get(made))):
                    if at is not None and len(call.args) > at and not any(isinstance(each, ast.Starred) for each in call.args):
                        for zh, en in _labels(call.args[at], names):
                            yield Written(what, f"{file}:{call.lineno}", zh, en)


def _calls(scope: ast.AST) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.Call):
            yield child
        if not isinstance(child, ast.FunctionDef):
            yield from _calls(child)


def _names(scope: ast.AST) -> dict[str, list[ast.expr]]:
    names: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    names.setdefault(target.id, []).append(node.value)
    return names


def _labels(node: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Call(func=ast.Name(id="Label"), args=[ast.Constant(value=str(zh)), ast.Constant(value=str(en))]):
            yield zh, en
        case ast.Call(func=ast.Attribute(value=filled, attr="fill")):
            yield from _labels(filled, names)
        case ast.Call(func=ast.Name(id="with_nearest"), args=[sentence, *_]):
            yield from _labels(sentence, names)
        case ast.IfExp(body=body, orelse=orelse) | ast.BoolOp(values=[body, orelse]):
            yield from _labels(body, names)
            yield from _labels(orelse, names)
        case ast.Name(id=known):
            for value in names.get(known, ()):
                yield from _labels(value, {other: values for other, values in names.items() if other != known})


def test_every_sentence_keeps_the_style_of_its_kind() -> None:
    found = [each for path in product() for each in written(parsed(path), name(path))]

    assert {each.kind for each in found} == {"error", "refusal", "diagnostic", "way out"}
    assert len(found) > 200
    assert [(each.place, each.kind, each.faults(), each.zh, each.en) for each in found if each.faults()] == []
