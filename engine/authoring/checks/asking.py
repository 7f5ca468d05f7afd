"""What is asked of the conditions at one place of a document, and how the answers are told: with a counter-example in the owner's words.

Only *yes* and *not decided* are told of gaps and overlaps, only *no* of conditions that never hold or always do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from engine.authoring.proof.answer import Answer, Impossible, Undecided, Witness
from engine.authoring.proof.constraint import FALSE
from engine.authoring.proof.prover import Claim, Prover
from engine.core.choosing import ByCases, Chosen
from engine.core.decision import Shown
from engine.core.expression import Expression
from engine.core.problem import Path, Problem
from engine.label import Label, listed

T = TypeVar("T")

_ELSE = Label("其余情况写 else。", "Say “else” for all that is left.")
_ANSWERED: frozenset[bool | None] = frozenset({True, False})
_NOT_TRUE: frozenset[bool | None] = frozenset({False, None})


class Asking:
    """Questions about conditions that are asked when all that is `known` holds."""

    def __init__(self, prover: Prover, known: Sequence[Claim] = (), *, after: bool = False, may_be_missing: bool = False) -> None:
        self.prover, self.known, self.after = prover, tuple(known), after
        self.may_be_missing = may_be_missing
        """A value without an answer is empty, not refused."""

    def given(self, *conditions: Expression | None) -> Asking:
        """The same where these conditions hold besides."""
        more = [Claim(each, after=self.after) for each in conditions if each is not None]
        return Asking(self.prover, (*self.known, *more), after=self.after, may_be_missing=self.may_be_missing)

    def line(self, index: int, line: Expression, path: Path, step: Label) -> Iterator[Problem]:
        """Whether a line of `requires` can hold after those above it, and whether it can fail."""
        above = Label("在以上各行成立的前提下，", "given the lines above it, ") if index else Label("", "")
        if isinstance(answer := self._against(Claim(line, after=self.after)), Impossible):
            sentence = Label(
                "{above}这一行永远不会成立：“{step}”永远无法执行", "{above}this line never holds: “{step}” can never be performed"
            )
            way_out = Label("改正条件，或删除该步骤。", "Mend the condition, or delete the step.")
            yield Problem("dead-step", path, sentence.fill(above=above, step=step), way_out)
        elif isinstance(answer, Undecided):
            yield _undecided(path, Label("这一行能否成立", "whether this line can hold"), answer)
        elif isinstance(self._against(Claim(line, _NOT_TRUE, self.after)), Impossible):
            sentence = Label("{above}这一行总是成立，不会拒绝任何办理", "{above}this line always holds: it refuses nothing")
            yield _always_true(path, sentence.fill(above=above))

    def condition(self, condition: Expression | None, path: Path) -> Iterator[Problem]:
        """Whether a condition can hold, and whether it can fail."""
        if condition is None:
            return
        answer = self._against(Claim(condition, after=self.after))
        if isinstance(answer, Impossible):
            yield _always_false(path, Label("这个条件永远不会成立", "this condition never holds"))
        elif isinstance(answer, Undecided):
            yield _undecided(path, Label("这个条件能否成立", "whether this condition can hold"), answer)
        elif isinstance(self._against(Claim(condition, _NOT_TRUE, self.after)), Impossible):
            yield _always_true(path, Label("这个条件总是成立，可以删去", "this condition always holds and can be left out"))

    def cases(self, rule: Chosen[T] | None, path: Path, word: Callable[[T], Label]) -> Iterator[Problem]:
        """Whether exactly one case applies, whatever the values are, and each for some; `word` says which value is chosen."""
        if not isinstance(rule, ByCases):
            return
        found = [*self._dead(rule, path), *self._overlaps(rule, path, word), *self._gap(rule, path)]
        yield from found
        if not found and len(rule.branches) == 1 and rule.otherwise is None:
            yield _always_true(
                (*path, 0, "when"), Label("这个条件总是成立：不必分情况", "this condition always holds: no cases are needed")
            )

    def together(self, one: Expression, other: Expression) -> Answer:
        """Whether both can be true."""
        return self.prover.ask([Claim(one, after=self.after), Claim(other, after=self.after)], self.known)

    def _against(self, *claims: Claim) -> Impossible | Undecided | None:
        return self.prover.against(claims, self.known)

    def _dead(self, rule: ByCases[T], path: Path) -> Iterator[Problem]:
        for index, (when, _) in enumerate(rule.branches):
            if isinstance(self._against(Claim(when, after=self.after), *self._answered(rule, index)), Impossible):
                yield _always_false((*path, index, "when"), Label("这种情况永远不会出现", "this case never applies"))
        if rule.otherwise is not None and isinstance(self._against(*self._all_fail(rule)), Impossible):
            sentence = Label("以上各种情况已经涵盖全部，else 永远轮不到", "the cases above leave nothing for “else”")
            yield _always_false((*path, len(rule.branches), "else"), sentence)

    def _overlaps(self, rule: ByCases[T], path: Path, word: Callable[[T], Label]) -> Iterator[Problem]:
        for later, (when, value) in enumerate(rule.branches):
            for earlier, (other, others) in enumerate(rule.branches[:later]):
                answered = self._answered(rule, later, earlier)
                answer = self.prover.ask([Claim(other, after=self.after), Claim(when, after=self.after), *answered], self.known)
                if isinstance(answer, Witness):
                    yield _overlap((*path, later, "when"), answer, (word(others), word(value)))
                    break
                if isinstance(answer, Undecided):
                    question = Label("两种情况能否同时成立", "whether two cases can apply at once")
                    yield _undecided((*path, later, "when"), question, answer, _ELSE)
                    break

    def _gap(self, rule: ByCases[T], path: Path) -> Iterator[Problem]:
        if rule.otherwise is not None:
            return
        answer = self.prover.ask(self._all_fail(rule), self.known)
        if isinstance(answer, Witness):
            sentence = Label("{when}没有一种情况成立", "{when}no choice applies")
            yield Problem("choice-gap", path, sentence.fill(when=_when(answer)), _ELSE)
        elif isinstance(answer, Undecided):
            yield _undecided(path, Label("是否总有一种情况成立", "whether a choice always applies"), answer, _ELSE)

    def _all_fail(self, rule: ByCases[T]) -> list[Claim]:
        return [Claim(when, FALSE, self.after) for when, _ in rule.branches]

    def _answered(self, rule: ByCases[T], *apart: int) -> list[Claim]:
        """That the other conditions have an answer, where a value without one is empty."""
        if not self.may_be_missing:
            return []
        return [Claim(when, _ANSWERED, self.after) for index, (when, _) in enumerate(rule.branches) if index not in apart]


def in_words(values: Sequence[Shown]) -> Label:
    """A counter-example: `In warranty = no, Quote = CNY 500.01`."""
    return listed(Label("{title} = {value}", "{title} = {value}").fill(title=each.title, value=each.value) for each in values)


def _when(witness: Witness) -> Label:
    return Label("{values}：", "{values}: ").fill(values=in_words(witness.values)) if witness.values else Label("", "")


def _overlap(path: Path, witness: Witness, chosen: tuple[Label, Label]) -> Problem:
    sentence = Label("{when}有 2 种情况同时成立：“{one}”和“{other}”", "{when}2 choices apply: “{one}” and “{other}”")
    way_out = Label("让各条件互相排斥，或用 else。", "Let the conditions exclude each other, or say “else”.")
    return Problem("choice-overlap", path, sentence.fill(when=_when(witness), one=chosen[0], other=chosen[1]), way_out)


def _always_true(path: Path, sentence: Label) -> Problem:
    return Problem("always-true", path, sentence, Label("删去它，或改正条件。", "Leave it out, or mend it."))


def _always_false(path: Path, sentence: Label) -> Problem:
    return Problem("always-false", path, sentence, Label("改正条件，或删去它。", "Mend the condition, or leave it out."))


def _undecided(path: Path, question: Label, answer: Undecided, way_out: Label | None = None) -> Problem:
    sentence = Label("未能判定{question}：{why}", "not decided {question}: {why}").fill(question=question, why=answer.why)
    simpler = Label("把条件写得简单一些，例如用 computed 字段分步。", "Make the condition simpler, for example by a computed field.")
    return Problem("guard-undecided", path, sentence, way_out or simpler)
