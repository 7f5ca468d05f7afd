"""What a message says: the values that templates may show, in one language, and the text they make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.wording import clock_shown, shown
from engine.errors import Misuse
from engine.label import Label, Language, verbatim
from engine.store.outbox import OutboxMessage
from engine.timing.calendar import WorkingCalendar
from notifications.message import Recipient, Text
from notifications.render import entitle, render

NUMBER = "{number}"
"""What the setting `link` has in the place of the case number."""


def word(
    definition: CompiledDefinition,
    case: Case,
    message: OutboxMessage,
    recipient: Recipient,
    *,
    language: Language,
    calendar: WorkingCalendar | None,
    link: str,
    now: datetime,
) -> Text:
    """The text that this recipient reads. `calendar`: in whose zone instants are told; only a step's message has none."""
    link = link.replace(NUMBER, case.number)
    values = shown(definition, case.number, message.state, message.words, recipient.name, language, link)
    if message.clock is not None and calendar is not None:
        values["clock"] = clock_shown(definition, message.clock, message.due_at, calendar.zone, now, language)
    try:
        return render(definition.templates[message.template], language, values)
    except Misuse as error:  # checked when it was published; whatever slips through must not silence the message
        return Text(f"{case.number} {definition.title.within(language)}", error.sentence.within(language))


def subject_of(definition: CompiledDefinition, template: str, number: str, state: str, words: Mapping[str, Label]) -> Label:
    """What a message of a step is called: its subject, as nobody in particular reads it; by its template where there is none so."""
    found = definition.templates.get(template)

    def within(language: Language) -> str:
        assert found is not None
        return entitle(found, language, shown(definition, number, state, words, "…", language, ""))

    try:
        return Label(within("zh"), within("en")) if found is not None else verbatim(template)
    except Misuse:
        return verbatim(template)
