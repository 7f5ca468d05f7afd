"""What somebody can do with a case, and why not the rest, as its page shows it: steps, other wishes, the form that is open.

Puts together what `Application` answers; decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from secrets import token_urlsafe

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Check, Reason
from engine.core.explain import Option
from engine.core.onward import ways_on
from engine.core.possible import Possible
from engine.label import Label
from engine.runtime.reading import CaseView
from engine.runtime.signatures import SigningView
from engine.runtime.standing import Who, somebody_else_may
from web.console.case.asked import Asked, OpenForm, opened
from web.console.case.reasons import Others, Question, others_of, questions_of, spoken_to
from web.console.screen import Screen


@dataclass(frozen=True, slots=True)
class StepChoice:
    """A step of the present state. `is_direct`: nothing is asked, one button does it."""

    id: str
    title: Label
    is_direct: bool
    option: Option
    reasons: tuple[Reason, ...]
    questions: tuple[Question, ...]
    others: Others | None
    """None where it is not for the person that it cannot be done."""
    signing: SigningView | None
    is_automatic: bool
    """Whether only the system does it, by itself."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything. `revision`, `seq`: of the case as it is seen, which each form sends along."""

    number: str
    open: OpenForm | None
    now: tuple[StepChoice, ...]
    main: str | None
    """The step to point at (`main_of`)."""
    hindered: tuple[StepChoice, ...]
    automatic: tuple[StepChoice, ...]
    possible: Possible
    me: str
    """He himself, by id."""
    is_masked: bool
    """Whether there is more to the case than he is shown."""
    revision: int
    seq: int

    def key(self) -> str:
        """One for one more form."""
        return token_urlsafe(16)


def choices_of(screen: Screen, view: CaseView, asked: Asked | None = None) -> Choices:
    """What he who sits before the screen can do with a case, now. `asked`: the form that is to stand open, and what became of it."""
    application, identity = screen.application, screen.caller.identity
    case, found = application.cases.options(view.case.number, identity)
    definition = view.definition
    others = application.standing.instead(definition, case, found, screen.access)
    making = _Making(definition, case, view.signings, others, screen.name)
    steps = [making.step(each) for each in found]
    assert identity is not None
    possible = application.standing.beside(case, definition, identity)
    return Choices(
        number=case.number,
        open=opened(screen, view, asked, found, possible) if asked is not None else None,
        now=tuple(each for each in steps if each.option.allowed),
        main=main_of(ways_on(definition, case.state), found),
        hindered=tuple(each for each in steps if not each.option.allowed and not each.is_automatic),
        automatic=tuple(each for each in steps if each.is_automatic),
        possible=possible,
        me=screen.person,
        is_masked=any(each.is_masked for each in view.fields),
        revision=case.revision,
        seq=case.seq,
    )


def main_of(ways: Sequence[str], found: Sequence[Option]) -> str | None:
    """The first way on that is his, if he may go it now: nothing else is pointed at in its place while he may not."""
    his = (each for each in found if each.step in ways and not somebody_else_may(each.reasons))
    first = next(his, None)
    return first.step if first is not None and first.allowed else None


@dataclass(frozen=True, slots=True)
class _Making:
    """The choices of one case while they are made."""

    definition: CompiledDefinition
    case: Case
    signings: tuple[SigningView, ...]
    others: Mapping[str, tuple[Who, ...]]
    name: str
    """What he is called who reads them."""

    def step(self, option: Option) -> StepChoice:
        rule = self.definition.states[self.case.state].steps[option.step]
        return StepChoice(
            id=option.step,
            title=option.title,
            is_direct=not option.asks and not option.needs_reason and rule.approvals is None,
            option=option,
            reasons=tuple(replace(each, sentence=spoken_to(self.name, each.sentence)) for each in option.reasons),
            questions=self.questions(option.checks),
            others=others_of(self.others[option.step]) if option.step in self.others else None,
            signing=next((each for each in self.signings if each.step == option.step), None),
            is_automatic=all(each.kind == "system" for each in rule.by),
        )

    def questions(self, checks: Sequence[Check]) -> tuple[Question, ...]:
        return questions_of(checks, self.definition, self.name)
