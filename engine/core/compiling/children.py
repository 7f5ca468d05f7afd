"""Compiles `starts`: which cases a step opens, with which data, and what becomes of them at the end.

Knows of a child's document what its interface tells: the starts, fields and steps that a parent may use.
"""

from __future__ import annotations

from dataclasses import replace

from engine.core.case import AtEnd
from engine.core.choosing import Chosen
from engine.core.compiled import ChildRule
from engine.core.compiling.aliases import kind_under, labels_of
from engine.core.compiling.draft import Draft
from engine.core.compiling.handover import hand_over
from engine.core.compiling.values import compile_choice
from engine.core.expression import Expression, Scope
from engine.core.expression.term import FieldValue, leaves
from engine.core.kind import BOOLEAN
from engine.core.problem import Path
from engine.definition.child import Interface, Starts
from engine.definition.field import Field
from engine.definition.step import Step
from engine.label import Label

_WORKFLOW = Label("流程", "workflow")
_START = Label("供上级工单使用的开始方式", "start for a parent")
_STEP = Label("供上级工单执行的步骤", "step for a parent")
_FIELD = Label("子工单字段", "field of the child")
_LIST = Label("明细行字段", "list field")


def compile_starts(draft: Draft, step: Step, path: Path) -> tuple[ChildRule, ...]:
    """The cases that the step opens; what cannot be resolved is reported and left out."""
    rules: list[ChildRule] = []
    for index, starts in enumerate(step.starts):
        here: Path = (*path, "starts", index)
        child = draft.bundle.children.get(starts.workflow)
        if child is None:
            draft.unknown("unknown-workflow", _WORKFLOW, starts.workflow, (*here, "workflow"), draft.offered_workflows)
            continue
        start = _start_of(draft, starts, child, here)
        if start is not None:
            rules.append(_Rule(draft, starts, child, start, here).compile())
    return tuple(rules)


def _start_of(draft: Draft, starts: Starts, child: Interface, path: Path) -> str | None:
    if starts.start is not None:
        if starts.start in child.starts:
            return starts.start
        draft.unknown("unknown-start", _START, starts.start, (*path, "start"), child.starts)
        return None
    if len(child.starts) == 1:
        return next(iter(child.starts))
    if child.starts:
        sentence = Label("“{child}”有多个开始方式可用，须写明 start", "“{child}” can be started in several ways: “start” is needed")
        way_out = Label("可用：{names}。", "There are: {names}.").fill(names=", ".join(child.starts))
    else:
        sentence = Label("“{child}”没有对 parent 开放的开始方式", "“{child}” has no start that “parent” may use")
        way_out = Label("在它的一个开始方式的 by 中加上 parent。", "Add “parent” to the “by” of one of its starts.")
    draft.report("unknown-start", (*path, "workflow"), sentence.fill(child=starts.workflow), way_out)
    return None


class _Rule:
    """One entry of `starts` while it is compiled."""

    def __init__(self, draft: Draft, starts: Starts, child: Interface, start: str, path: Path) -> None:
        self.draft, self.starts, self.child, self.start, self.path = draft, starts, child, start, path
        asks = child.starts[start].asks
        self.asked = tuple(word.removesuffix("?") for word in asks)
        self.required = frozenset(word for word in asks if not word.endswith("?"))

    def compile(self) -> ChildRule:
        """Its rule; what cannot be resolved is reported and left out."""
        starts, draft = self.starts, self.draft
        when = draft.expression(starts.when, (*self.path, "when"), BOOLEAN) if starts.when is not None else None
        scope = self._scope()
        where = draft.expression(starts.where, (*self.path, "where"), BOOLEAN, scope) if starts.where is not None else None
        for condition in (when, where):
            draft.decide_by(condition.reads if condition is not None else ())
        self._check_returns()
        at_end, cancel_step = self._at_end()
        return ChildRule(
            alias=starts.alias,
            workflow=starts.workflow,
            start=self.start,
            path=self.path,
            when=when,
            for_each=starts.for_each,
            where=where,
            values=self._values(scope),
            rows={name: frozenset(columns) for name, columns in self.child.starts[self.start].rows.items()},
            required=self.required,
            at_end=at_end,
            cancel_step=cancel_step,
        )

    def _scope(self) -> Scope:
        """What `where` and `with` may read: the columns of the row besides, with `for_each`."""
        draft, name = self.draft, self.starts.for_each
        if name is None:
            if self.starts.where is not None:
                sentence = Label("where 须与 for_each 同用", "“where” goes with “for_each”")
                way_out = Label("整条的条件请写 when。", "A condition for the whole entry is a “when”.")
                draft.report("not-allowed-here", (*self.path, "where"), sentence, way_out, of_key=True)
            return draft.scope
        lists = [field for field, rule in draft.fields.items() if rule.kind.name == "list"]
        if name not in lists:
            draft.unknown("unknown-field", _LIST, name, (*self.path, "for_each"), lists)
            return draft.scope
        return draft.scope.of_rows(name)

    def _values(self, scope: Scope) -> tuple[tuple[str, Chosen[Expression]], ...]:
        values: list[tuple[str, Chosen[Expression]]] = []
        for name, written in self.starts.values.items():
            here: Path = (*self.path, "with", name)
            if name not in self.asked:
                self.draft.unknown("unknown-field", _FIELD, name, here, self.asked, of_key=True)
                continue

            def reading(text: str, at: Path, field: str = name) -> Expression | None:
                return self._value(field, text, at, scope)

            chosen = compile_choice(self.draft, written, here, reading)
            if chosen is not None:
                values.append((name, chosen))
        missing = [name for name in self.asked if name in self.required and name not in self.starts.values]
        if missing:
            sentence = Label("“{start}”的必填项没有给全，缺少：{names}", "“{start}” must be given more; missing: {names}")
            filled = sentence.fill(start=self.start, names=", ".join(missing))
            self.draft.report("child-field-missing", (*self.path, "with"), filled, of_key=True)
        return tuple(values)

    def _value(self, name: str, text: str, path: Path, scope: Scope) -> Expression | None:
        field = self.child.fields[name]
        if field.type == "list":
            return hand_over(self.draft, name, field, self.child.starts[self.start], text, path)
        wanted = kind_under(self.starts.alias, name, field)
        if wanted.name == "choice" and wanted.of is not None:
            choices = labels_of(field)
            own = scope.choices_of(scope.kind_of(text.strip()))
            if own and own.keys() <= choices.keys():
                # A choice of the parent is one of the child when the child knows them all.
                wanted = scope.kind_of(text.strip()) or wanted
            scope = replace(scope, choices={**scope.choices, f"{self.starts.alias}.{name}": choices})
        return self._kept_apart(name, field, self.draft.expression(text, path, wanted, scope), path)

    def _kept_apart(self, name: str, field: Field, value: Expression | None, path: Path) -> Expression | None:
        """What is personal here is personal there, and the other way round: else it could be erased in one case only."""
        if value is None:
            return None
        personal = [leaf.field for leaf in leaves(value.tree) if isinstance(leaf, FieldValue) and self.draft.fields[leaf.field].personal]
        if field.personal and not (personal and isinstance(value.tree, FieldValue)):
            sentence = Label(
                "子工单的“{field}”是个人信息，只能原样给它一个个人信息字段",
                "“{field}” of the child is personal: it takes a personal field, just as it is",
            )
            self.draft.report("personal-handed-over", path, sentence.fill(field=name))
        elif personal and not field.personal and value.kind != BOOLEAN:
            sentence = Label("“{source}”是个人信息，子工单的“{field}”不是", "“{source}” is personal and “{field}” of the child is not")
            way_out = Label("给子工单的“{field}”也写上 personal: true。", "Give “{field}” of the child personal: true as well.")
            self.draft.report("personal-handed-over", path, sentence.fill(source=personal[0], field=name), way_out.fill(field=name))
        return value

    def _check_returns(self) -> None:
        known = self.draft.offered_workflows.get(self.starts.workflow, frozenset(self.child.fields))
        for index, name in enumerate(self.starts.returns):
            here: Path = (*self.path, "returns", index)
            if name not in self.child.fields:
                self.draft.unknown("unknown-field", _FIELD, name, here, sorted(known))
            elif self.child.fields[name].personal:
                sentence = Label("“{field}”是个人信息，不能交回上级工单", "“{field}” is personal and cannot be handed back")
                self.draft.report("personal-handed-over", here, sentence.fill(field=name))
            elif self.child.fields[name].type == "list":
                # The children are rows themselves, and rows do not nest: nothing could read these.
                sentence = Label("“{field}”是明细行，不能交回上级工单", "“{field}” is rows, which cannot be handed back")
                way_out = Label(
                    "在子流程中用 computed 算出数目或合计，再交回它。",
                    "Let the child compute a count or a sum of them, and hand that back.",
                )
                self.draft.report("not-allowed-here", here, sentence.fill(field=name), way_out)
            elif name not in self.draft.aliases[self.starts.alias].returns:
                sentence = Label("每个子工单都已有“{field}”一列", "every child has a column “{field}” already").fill(field=name)
                self.draft.report("duplicate-name", here, sentence)

    def _at_end(self) -> tuple[AtEnd, str | None]:
        word = self.starts.at_end
        if not word.startswith("cancel"):
            return ("wait" if word == "wait" else "leave"), None
        step = word.removeprefix("cancel(").removesuffix(")")
        if step not in self.child.steps:
            self.draft.unknown("unknown-step", _STEP, step, (*self.path, "at_end"), self.child.steps)
        return "cancel", step
