"""Compiles `clocks:` – where each counts, from when, how long, and whom it reminds.

What a clock reads may be empty: then it has no deadline yet and does not run. It never reads what no event would renew –
the time, who acts – for nothing would wake it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from engine.core import ladder
from engine.core.choosing import Chosen
from engine.core.compiled import ALL, ClockRule, CompiledState
from engine.core.compiling.draft import Draft
from engine.core.compiling.ladders import compile_rungs
from engine.core.compiling.values import compile_choice
from engine.core.expression import Expression
from engine.core.expression.agreement import one_of, wrong_kind
from engine.core.expression.term import Acting, CaseFact, Constant, Holders, Leaf, Sampled, leaves, name_of
from engine.core.expression.term import Clock as Now
from engine.core.kind import BOOLEAN
from engine.core.problem import Path, Problem
from engine.definition.clock import Clock, PhaseSet, StateSet, WaitingSet
from engine.label import Label
from engine.timing.period import Period

_STEP = Label("状态中的步骤", "step of a state")
_WORDS = ("on_entry", "never", "any_step")


def compile_clocks(draft: Draft, states: Mapping[str, CompiledState]) -> dict[str, ClockRule]:
    """Every clock's rule."""
    shared = {name: compile_rungs(draft, rungs, ("ladders", name)) for name, rungs in draft.document.ladders.items()}
    clocks = {name: _Clock(draft, states, shared, name, clock).compile() for name, clock in draft.document.clocks.items()}
    if not all(rule.calendar for rule in clocks.values()):
        sentence = Label("时限须有日历，文档没有写明", "clocks need a calendar, and the document names none")
        draft.report(
            "calendar-needed", ("clocks",), sentence, Label("在文档开头写明 calendar。", "Name a “calendar” at the head."), of_key=True
        )
    return clocks


class _Clock:
    """One clock while it is compiled."""

    def __init__(
        self, draft: Draft, states: Mapping[str, CompiledState], shared: Mapping[str, tuple[ladder.Rung, ...]], name: str, clock: Clock
    ) -> None:
        self.draft, self.states, self.shared, self.name, self.clock = draft, states, shared, name, clock
        self.path: Path = ("clocks", name)
        self.steps = tuple(dict.fromkeys(step for state in states.values() for step in state.steps))

    def compile(self) -> ClockRule:
        """Its rule; what cannot be resolved is reported and left out."""
        clock = self.clock
        self._check_keys()
        states = self._open_states() if clock.until else self._resolve(clock.runs_in, "runs_in")
        rule = ClockRule(
            id=self.name,
            title=clock.title.label,
            path=self.path,
            states=states,
            pauses=self._pauses(states),
            until=self._known_steps(clock.until, "until", self.steps),
            since=self._moment(clock.since, "from"),
            limit=self._limit(),
            due=self._moment(clock.due, "due"),
            when=self._condition(clock.when, (*self.path, "when")) if clock.when is not None else None,
            restart=self._restart(),
            legal=clock.legal,
            source=clock.source,
            calendar=self._calendar(),
            ladder=self._ladder(),
        )
        self.draft.decide_by(rule.reads)
        return rule

    def _check_keys(self) -> None:
        clock, draft = self.clock, self.draft
        if bool(clock.runs_in) == bool(clock.until):
            sentence = Label("须写明 runs_in 或 until，且只写一个", "give “runs_in” or “until”, and not both")
            way_out = Label("runs_in 写计时的状态，until 写结束计时的步骤。", "“runs_in” names states, “until” the steps that end it.")
            draft.report("clock-without-states", self.path, sentence, way_out, of_key=True)
        if clock.limit is None and clock.due is None:
            sentence = Label("时限既没有 limit 也没有 due：永不到期", "a clock without “limit” and “due” is never due")
            way_out = Label("写明时长，例如 limit: 4wh。", "Say how long, for example “limit: 4wh”.")
            draft.report("clock-without-limit", self.path, sentence, way_out, of_key=True)
        if clock.legal and not clock.source:
            sentence = Label("法定时限须写明依据（source）", "a legal clock needs its “source”")
            way_out = Label("写明条款，例如 source: [CON3]。", "Name the clause, for example “source: [CON3]”.")
            draft.report("legal-without-source", (*self.path, "legal"), sentence, way_out, of_key=True)

    def _open_states(self) -> frozenset[str]:
        return frozenset(name for name, state in self.states.items() if state.outcome is None)

    def _resolve(self, words: StateSet, key: str) -> frozenset[str]:
        """The states that a set stands for; an ended case has no running clock, so final ones are none of them."""
        found: set[str] = set()
        for index, word in enumerate(words):
            path: Path = (*self.path, key, index)
            if isinstance(word, PhaseSet | WaitingSet):
                found |= self._matching(word, path)
            elif word == ALL:
                found |= self._open_states()
            elif word not in self.states:
                self.draft.unknown("unknown-state", Label("状态", "state"), word, path, (*self.states, ALL))
            elif self.states[word].outcome is not None:
                sentence = Label("“{name}”是终态，时限不在其中计时", "“{name}” is final, and no clock runs in an ended case").fill(
                    name=word
                )
                self.draft.report("not-allowed-here", path, sentence, Label("去掉它。", "Leave it out."))
            else:
                found.add(word)
        return frozenset(found)

    def _matching(self, word: PhaseSet | WaitingSet, path: Path) -> set[str]:
        key, value = ("phase", word.phase) if isinstance(word, PhaseSet) else ("waits_on", word.waits_on)
        found = {name for name in self._open_states() if getattr(self.states[name], key) == value}
        if not found:
            sentence = Label("没有 {key} 为 {value} 的未结状态", "no open state has {key}: {value}").fill(key=key, value=value)
            self.draft.report("unknown-state", (*path, key), sentence)
        return found

    def _pauses(self, states: frozenset[str]) -> frozenset[str]:
        """Where it stands still: of its own states."""
        for index, word in enumerate(self.clock.pauses):
            if isinstance(word, str) and word != ALL and word in self._open_states() - states:
                sentence = Label("“{name}”不在 runs_in 中，无从暂停", "“{name}” is not among “runs_in”, so there is nothing to pause")
                way_out = Label("把它也写进 runs_in。", "Name it in “runs_in” too.")
                self.draft.report("pause-outside", (*self.path, "pauses", index), sentence.fill(name=word), way_out)
        return self._resolve(self.clock.pauses, "pauses") & states

    def _known_steps(self, names: Sequence[str], key: str, known: Iterable[str]) -> frozenset[str]:
        for index, name in enumerate(names):
            if name not in self.steps:
                self.draft.unknown("unknown-step", _STEP, name, (*self.path, key, index), known)
        return frozenset(names)

    def _restart(self) -> Literal["never", "on_entry", "any_step"] | frozenset[str]:
        restart = self.clock.restart
        return restart if isinstance(restart, str) else self._known_steps(restart, "restart", (*self.steps, *_WORDS))

    def _moment(self, name: str | None, key: str) -> str | None:
        if name is None:
            return None
        path, fields = (*self.path, key), self.draft.fields
        if name not in fields:
            moments = [field for field, rule in fields.items() if rule.kind.name in ("date", "datetime")]
            self.draft.unknown("unknown-field", Label("日期字段", "field of a date"), name, path, moments)
        elif fields[name].kind.name not in ("date", "datetime"):
            sentence = Label(
                "须是 date 或 datetime 字段，“{name}”是 {found}", "expected a field of a date or datetime, “{name}” is {found}"
            )
            self.draft.report("type-mismatch", path, sentence.fill(name=name, found=fields[name].type))
        return name

    def _limit(self) -> Chosen[Expression] | None:
        if self.clock.limit is None:
            return None
        return compile_choice(self.draft, self.clock.limit, (*self.path, "limit"), self._length, self._condition)

    def _length(self, text: str, path: Path) -> Expression | None:
        found = self._of_case(self.draft.expression(text, path, None), path)
        if found is None:
            return None
        if found.kind.name != "duration":
            way_out = Label("请带上单位，例如 3d、4wh。", "Give it a unit, such as 3d or 4wh.")
            self.draft.note(Problem.at(path, wrong_kind(one_of("duration"), found.tree, way_out)))
        elif isinstance(found.tree, Constant) and isinstance(found.tree.value, Period) and found.tree.value.count < 1:
            self.draft.report("bad-limit", path, Label("时限须长于零", "a limit is longer than nothing"))
        return found

    def _condition(self, text: str, path: Path) -> Expression | None:
        return self._of_case(self.draft.expression(text, path, BOOLEAN), path)

    def _of_case(self, expression: Expression | None, path: Path) -> Expression | None:
        """The expression; reported where it reads what changes without an event, or only holds for one step."""
        for leaf in leaves(expression.tree) if expression is not None else ():
            if _is_fleeting(leaf):
                sentence = Label(
                    "时限不能读取{it}：它变化时没有事件唤醒时限", "a clock cannot read {it}: nothing would wake it when that changes"
                ).fill(it=name_of(leaf))
                place = leaf.place
                way_out = Label("改用字段，或用 limit 与提醒表达。", "Read a field instead, or say it with “limit” and rungs.")
                self.draft.note(Problem("not-allowed-here", path, sentence, way_out, place.offset, place.end - place.offset))
        return expression

    def _calendar(self) -> str:
        own = self.clock.calendar
        if own is not None and own not in self.draft.bundle.calendars:
            unknown_calendar(self.draft, own, (*self.path, "calendar"))
        return own or self.draft.document.calendar or ""

    def _ladder(self) -> tuple[ladder.Rung, ...]:
        written = self.clock.ladder
        if not isinstance(written, str):
            return compile_rungs(self.draft, written, (*self.path, "ladder"))
        if written not in self.shared:
            self.draft.unknown("unknown-ladder", Label("共用的提醒阶梯", "shared ladder"), written, (*self.path, "ladder"), self.shared)
        return self.shared.get(written, ())


def unknown_calendar(draft: Draft, name: str, path: Path) -> None:
    """Report a calendar that does not exist."""
    draft.unknown("unknown-calendar", Label("日历", "calendar"), name, path, draft.offered_calendars)


def guarded(draft: Draft, clocks: Mapping[str, ClockRule]) -> frozenset[str]:
    """The fields that legal clocks read, through computed ones too."""
    read = frozenset(name for rule in clocks.values() if rule.legal for name in rule.reads)
    return read.union(*(draft.depends.get(name, frozenset()) for name in read))


def _is_fleeting(leaf: Leaf) -> bool:
    return isinstance(leaf, Now | Acting | Holders | Sampled) or (isinstance(leaf, CaseFact) and leaf.name == "actor")
