"""Who hears of something in a story, and whether the message can be made in both languages. No quiet hours, no digests, no channels.

What an undo could still recall counts as told by its step: the story says whom the step means to reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.authoring.scenario.archive import Standing
from engine.authoring.scenario.setting import Setting
from engine.core.assigning import NOBODY_TO_ASSIGN
from engine.core.effect import Notify, OpenIncident
from engine.core.recipient import recipients
from engine.core.telling import words_of
from engine.core.wording import clock_shown, shown
from engine.errors import Misuse
from engine.label import Label, Language
from notifications.message import Recipient
from notifications.render import render
from roles.roster import Roster

_LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Sent:
    """Whom a message reached, what was wrong with it, and the alarm that nobody was there."""

    whom: tuple[str, ...] = ()
    faults: tuple[Label, ...] = ()
    alarm: OpenIncident | None = None


class Messenger:
    """Tells what was decided to those who are there."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def tell(self, standing: Standing, notify: Notify, roster: Roster, now: datetime) -> Sent:
        """The recipients at this instant."""
        if _is_overtaken(standing, notify):
            return Sent()
        found = recipients(standing.definition, standing.case, notify.tell, roster, self._setting.superiors, now)
        if not found:
            sentence = Label("消息“{template}”没有通知到任何人", "the message “{template}” reached nobody").fill(template=notify.template)
            return Sent(alarm=OpenIncident("nobody_to_tell", words_of(notify.tell), sentence))
        faults = (fault for language in _LANGUAGES for fault in self._faults(standing, notify, found[0], language, now))
        return Sent(tuple(each.id for each in found), tuple(faults))

    def _faults(self, standing: Standing, notify: Notify, recipient: Recipient, language: Language, now: datetime) -> Iterator[Label]:
        definition, reached = standing.definition, notify.occurrence
        values = shown(definition, standing.case.number, notify.state, notify.values, recipient.name, language, "")
        if reached is not None:
            zone = self._setting.calendars(definition)[definition.clocks[reached.clock].calendar].zone
            values["clock"] = clock_shown(definition, reached.clock, notify.due_at, zone, now, language)
        try:
            render(definition.templates[notify.template], language, values)
        except Misuse as error:
            sentence = Label("消息“{template}”：{why}", "the message “{template}”: {why}")
            yield sentence.fill(template=notify.template, why=error.sentence.as_clause())


def _is_overtaken(standing: Standing, notify: Notify) -> bool:
    """Whether nobody wants to hear of it any more: its clock has stopped, or who was asked to find an assignee has nothing to do."""
    case, reached = standing.case, notify.occurrence
    if reached is not None:
        run = case.clocks.get(reached.clock)
        return run is None or run.cycle != reached.cycle or run.standing not in ("running", "paused")
    return notify.template == NOBODY_TO_ASSIGN and (case.assignee is not None or case.state != notify.state)
