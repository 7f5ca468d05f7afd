"""A card on its way: which steps lead into the column that it is dropped on, for whoever drops it, and the form of the one that does.

Puts together what the page of a case says; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.label import Label
from engine.runtime.columns import COLUMNS, column_named, columns_of
from engine.runtime.reading import CaseView
from web.console.case.asked import Asked, OpenForm, opened
from web.console.case.choices import Choices, StepChoice, choices_of
from web.console.screen import Screen


@dataclass(frozen=True, slots=True)
class Way:
    """A step that leads there. `is_sure`: whatever is filled in."""

    choice: StepChoice
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Moving:
    """Everything that the dialog shows. `to`: the column, None for any; `others`: what he can do besides, where none leads there."""

    view: CaseView
    choices: Choices
    to: str | None
    there: Label | None
    now: tuple[Way, ...]
    hindered: tuple[Way, ...]
    others: tuple[StepChoice, ...]
    open: OpenForm | None
    back: str

    @property
    def is_nowhere(self) -> bool:
        """Whether no step at all leads there."""
        return not self.now and not self.hindered


def moving(screen: Screen, number: str, to: str | None, step: str | None, back: str) -> Moving:
    """The ways of a case into a column. `step`: the one whose form is to stand open. Raises Unknown for a case, and for a column."""
    to = column_named(to) if to is not None else None
    view = screen.application.views.case(number, screen.access)
    choices = choices_of(screen, view)
    now = tuple(way for each in choices.now if (way := _way(view, each, to)) is not None)
    asking = next((each for each in choices.now if each.id == step), None)
    if asking is None and len(now) == 1 and not now[0].choice.is_direct:
        asking = now[0].choice
    options = [each.option for each in choices.now]
    asked = Asked(asking.id, is_step=True, back=back) if asking is not None else None
    return Moving(
        view=view,
        choices=choices,
        to=to,
        there=COLUMNS[to] if to is not None else None,
        now=now,
        hindered=tuple(way for each in (*choices.hindered, *choices.automatic) if (way := _way(view, each, to)) is not None),
        others=() if now else choices.now,
        open=opened(screen, view, asked, options, choices.possible) if asked is not None else None,
        back=back,
    )


def _way(view: CaseView, choice: StepChoice, to: str | None) -> Way | None:
    """None where the step does not lead there."""
    state = view.case.state
    leads = columns_of(view.definition, state, view.definition.states[state].steps[choice.id])
    return Way(choice, to is None or leads == {to}) if to is None or to in leads else None
