"""A process written in a test as its owner would write it, read by the public pipeline, and one case carried through it.

Short for what a test does not care about: `title: 备注`, `say: 须填写` and `choices: {good: 好}` stand for labels in both
languages, and a text that begins with `fields:` gets a head. Every decision of a Walk is held to the laws of the core.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.authoring.calendar import check_calendar
from engine.authoring.document import read
from engine.authoring.library import Library, check_documents
from engine.authoring.loader import load
from engine.authoring.mention import bundle_of, inside_roles
from engine.authoring.supplies import Supplies, read_supplies
from engine.core.briefing import INTEGRATION
from engine.core.called import Called
from engine.core.case import Case
from engine.core.clock import timers
from engine.core.codec import EVENT_KINDS, decode_event, encode_event
from engine.core.command import Assign, Command, Comment, Correct, Elapse, Fire, OpenCase, Undo, Withdraw
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import Offered, compile_bundle
from engine.core.decide import decide
from engine.core.decision import Accepted, Decision, Reason, Refused
from engine.core.effect import ArmTimer, CancelTimer, Effect, Notify
from engine.core.event import Event
from engine.core.evolve import replay
from engine.core.examine import causes, examine, look
from engine.core.explain import Option, options
from engine.core.facts import Candidate, Facts
from engine.core.kind import Attachment, Row
from engine.core.undoing import rewound
from engine.definition.workflow import Workflow
from engine.label import Label
from roles.actor import Actor, Grant, Lent, Role
from roles.assignment import Assignment
from roles.registry import RoleRegistry
from roles.roster import Roster
from roles.staff import Held, Person, Staff, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")

ROLES = RoleRegistry.of(
    [
        Role("boss", Label("主管", "Supervisor"), "shop"),
        Role("desk", Label("前台", "Front desk"), "shop"),
        Role("bench", Label("维修", "Bench"), "shop"),
        Role("store", Label("仓管", "Store"), "shop"),
        Role("customer", Label("客户", "Customer"), "shop", external=True),
        Role("integration", Label("系统对接", "Integration"), "shop", external=True),
    ],
    [("bench", "store")],
)

SUPERIORS = {"desk": "boss", "bench": "boss"}
"""The store reports to nobody."""

LINEAGES = {
    "head": ("head",),
    "north": ("north", "head"),
    "south": ("south", "head"),
    "north-1": ("north-1", "north", "head"),
    "south-1": ("south-1", "south", "head"),
}

TEAM: Mapping[str, frozenset[Grant]] = {
    "bea": frozenset({Grant("boss", "head")}),
    "bob": frozenset({Grant("boss", "north")}),
    "dan": frozenset({Grant("desk", "north-1")}),
    "dot": frozenset({Grant("desk", "north-1")}),
    "sam": frozenset({Grant("desk", "south-1")}),
    "tom": frozenset({Grant("bench", "north-1")}),
    "tim": frozenset({Grant("bench", "north-1")}),
    "sol": frozenset({Grant("store", "head")}),
    "nil": frozenset(),
}
"""`bea` boss of all, `bob` boss of the north; `dan` and `dot` at the desk, `tom` and `tim` at the bench of shop north-1."""

CALENDAR = """
calendar: desk-hours
title: {zh: 前台时间, en: Desk hours}
zone: Asia/Shanghai
week: {workdays: [09:00-12:00, 13:30-18:00]}
"""


def supplies(calendar: str = CALENDAR) -> Supplies:
    """One calendar, which must be without fault, and the shipped templates."""
    file, diagnostics = check_calendar(read(calendar.encode(), "calendar.yaml"))
    assert file is not None, [(one.code, one.span, one.sentence.en) for one in diagnostics]
    return Supplies({file.calendar: file}, read_supplies([]).templates)


SUPPLIES = supplies()
"""What a text may name: the calendar `desk-hours` and the shipped templates."""

_HEAD = """workflow: parcel
version: 1
title: 收件
owner: boss
organisation: shop
number: "P{yy}-{seq:04}"
"""


def written(text: str) -> str:
    """The whole document that a short text stands for."""
    whole = text if text.lstrip().startswith(("workflow:", "# expect")) else _HEAD + text
    whole = re.sub(r"(title|say): ([^{},\s]+)", r"\1: {zh: \2, en: \2}", whole)
    return re.sub(r"choices: \{([^{}]*)\}", lambda found: f"choices: {{{re.sub(r': ?([^{},]+)', _both, found[1])}}}", whole)


def _both(found: re.Match[str]) -> str:
    return f": {{zh: {found[1]}, en: {found[1]}}}"


UNTIDY = frozenset({"asked-never-used", "dead-transition", "rung-twice", "same-title", "title-in-other-language", "person-locked-in"})
"""Warnings about how a document reads. Those that tests write are short: one word is both titles, a field is asked for its own sake."""


def tidy(found: Library) -> Library:
    """Without the warnings that tests of other things do not care about."""
    return replace(found, diagnostics=tuple(one for one in found.diagnostics if one.code not in UNTIDY))


def library(*texts: str) -> Library:
    """What the pipeline makes of documents."""
    documents = [read(written(text).encode(), f"{index}.yaml") for index, text in enumerate(texts, 1)]
    return tidy(check_documents(documents, ROLES, SUPPLIES))


def definition(text: str) -> CompiledDefinition:
    """The compiled definition of a text that must be without fault."""
    found = library(text)
    assert found.diagnostics == (), [(one.code, one.span, one.sentence.en) for one in found.diagnostics]
    return found.checked[0].compiled


def faulty(text: str, *expected: str, supplies: Supplies = SUPPLIES) -> CompiledDefinition:
    """The definition of a text that is refused for these very codes: for what a case does all the same."""
    found = tidy(check_documents([read(written(text).encode(), "1.yaml")], ROLES, supplies))
    assert {one.code for one in found.diagnostics} == set(expected)
    workflow, _ = load(read(written(text).encode(), "1.yaml"), Workflow)
    assert workflow is not None
    offered = Offered(inside_roles(ROLES), frozenset(supplies.calendars), frozenset(supplies.templates), {})
    compiled = compile_bundle(bundle_of(workflow, ROLES, supplies, {}), offered)
    assert isinstance(compiled, CompiledDefinition)
    return compiled


def codes(text: str) -> list[str]:
    """The codes of all that is wrong with a text, in order."""
    return [one.code for one in library(text).diagnostics]


BEGINS = datetime(2026, 9, 1, tzinfo=UTC)
"""Since when the team holds what it holds."""


def roster(team: Mapping[str, frozenset[Grant]] = TEAM) -> Roster:
    """The team as the people registered, in the units of LINEAGES."""
    held = ((name, grant) for name, grants in team.items() for grant in sorted(grants, key=lambda each: (each.role, each.unit or "")))
    return Roster(
        Staff(
            "",
            tuple(Unit(name, Label(name, name), line[1] if len(line) > 1 else None) for name, line in LINEAGES.items()),
            tuple(Person(name, name) for name in team),
            tuple(Held(index, Assignment(name, grant.role, grant.unit, BEGINS), BEGINS, "") for index, (name, grant) in enumerate(held, 1)),
        )
    )


def person(name: str, team: Mapping[str, frozenset[Grant]] = TEAM) -> Actor:
    """An actor by name: `integration`, the party `customer`, or a person with what he holds."""
    if name == "integration":
        return INTEGRATION
    if name == "customer":
        return Actor("customer", "party", party="customer")
    return Actor(name, "person", team.get(name, frozenset()))


class Walk:
    """One case on its way; every accepted step takes an hour."""

    def __init__(self, definition: CompiledDefinition, *, taken: Mapping[tuple[str, str], str] | None = None) -> None:
        self.definition = definition
        self.taken = dict(taken or {})
        self.team = dict(TEAM)
        self.lent: dict[str, tuple[Lent, ...]] = {}
        """What others lend a person."""
        self.away: set[str] = set()
        self.pools: dict[str, tuple[Candidate, ...]] = {}
        self.links: dict[str, str] = {}
        self.files: dict[str, Attachment] = {}
        self.earlier: tuple[Row, ...] = ()
        self.called = Called()
        self.now = datetime(2026, 9, 28, 1, 30, tzinfo=UTC)
        self.current: Case | None = None
        self.events: list[Event] = []
        self.timers: dict[str, ArmTimer] = {}
        """What a store would have armed."""
        self.effects: tuple[Effect, ...] = ()
        """What comes of the last accepted wish."""
        self.told: list[Notify] = []
        """What the last accepted wish tells."""

    @property
    def case(self) -> Case:
        assert self.current is not None
        return self.current

    def open(self, by: str, start: str = "open", *, within: str | None = None, reason: str | None = None, **data: Any) -> Case:
        """Open the case, which must be allowed."""
        return self._allowed(OpenCase(start, data, reason, within), by)

    def do(self, step: str, by: str, *, reason: str | None = None, expect: int | None = None, **data: Any) -> Case:
        """Perform a step, which must be allowed."""
        return self._allowed(Fire(step, data, reason, expect), by)

    def refused(self, step: str, by: str, *, reason: str | None = None, expect: int | None = None, **data: Any) -> tuple[Reason, ...]:
        """The reasons against a step, which must be refused."""
        return self._refused(Fire(step, data, reason, expect), by)

    def not_opened(
        self, by: str, start: str = "open", *, within: str | None = None, reason: str | None = None, **data: Any
    ) -> tuple[Reason, ...]:
        """The reasons against opening, which must be refused."""
        return self._refused(OpenCase(start, data, reason, within), by)

    def correct(self, by: str, *, reason: str = "录入有误", expect: int | None = None, **data: Any) -> Case:
        """Correct values, which must be allowed."""
        return self._allowed(Correct(data, reason, expect), by)

    def not_corrected(self, by: str, *, reason: str = "录入有误", expect: int | None = None, **data: Any) -> tuple[Reason, ...]:
        """The reasons against a correction, which must be refused."""
        return self._refused(Correct(data, reason, expect), by)

    def comment(self, by: str, text: str) -> Case:
        """Comment on the case, which must be allowed."""
        return self._allowed(Comment(text), by)

    def not_commented(self, by: str, text: str) -> tuple[Reason, ...]:
        """The reasons against a comment, which must be refused."""
        return self._refused(Comment(text), by)

    def assign(self, person: str | None, by: str, *, reason: str | None = None, expect: int | None = None) -> Case:
        """Give the case by hand, which must be allowed."""
        return self._allowed(Assign(person, reason, expect), by)

    def not_assigned(self, person: str | None, by: str, *, reason: str | None = None, expect: int | None = None) -> tuple[Reason, ...]:
        """The reasons against giving it, which must be refused."""
        return self._refused(Assign(person, reason, expect), by)

    def withdraw(self, step: str, by: str) -> Case:
        """Take a signature back, which must be allowed."""
        return self._allowed(Withdraw(step), by)

    def not_withdrawn(self, step: str, by: str) -> tuple[Reason, ...]:
        """The reasons against taking it back, which must be refused."""
        return self._refused(Withdraw(step), by)

    def undo(self, by: str, *, reason: str = "点错", expect: int | None = None) -> Case:
        """Take the newest step back, which must be allowed."""
        return self._allowed(Undo(reason, expect), by)

    def not_undone(self, by: str, *, reason: str = "点错", expect: int | None = None) -> tuple[Reason, ...]:
        """The reasons against taking it back, which must be refused."""
        return self._refused(Undo(reason, expect), by)

    def elapse(self, at: str | datetime) -> tuple[Event, ...]:
        """Let time pass until an instant, in Shanghai unless it says otherwise, and see what is due; what happened."""
        self.to(at)
        before = len(self.events)
        self._allowed(Elapse(), "system")
        return tuple(self.events[before:])

    def to(self, at: str | datetime) -> Walk:
        """Let time pass until an instant, in Shanghai unless it says otherwise; the next step happens then."""
        instant = datetime.fromisoformat(at) if isinstance(at, str) else at
        self.now = (instant if instant.tzinfo is not None else instant.replace(tzinfo=SHANGHAI)).astimezone(UTC)
        return self

    def due(self, clock: str) -> str | None:
        """When a clock is due, in Shanghai; None while it has no timer or no deadline."""
        timer = self.timers.get(clock)
        return None if timer is None or timer.due_at is None else f"{timer.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"

    def option(self, step: str, by: str) -> Option:
        """A step as an actor sees it now."""
        return next(option for option in options(self.definition, self.case, self.facts(by)) if option.step == step)

    def decide(self, command: Command, by: str) -> Decision:
        """Any wish; what it must be like in any case is checked, and an accepted one is taken."""
        facts = self.facts(by)
        before = deepcopy(self.current)
        decision = decide(self.definition, None if isinstance(command, OpenCase) else self.current, command, facts)
        assert decision == decide(self.definition, None if isinstance(command, OpenCase) else before, command, facts)
        assert self.current == before
        assert_told(definition=self.definition, case=before, command=command, facts=facts, decision=decision)
        if isinstance(decision, Accepted):
            self.now += timedelta(hours=1)
            self.current = decision.case
            self.events = [*([] if isinstance(command, OpenCase) else self.events), *decision.events]
            assert replay(self.events) == self.current
            assert replay(stored(self.events, self.definition)) == self.current
            self._take(decision)
        else:
            assert_spoken(decision)
        return decision

    def _take(self, decision: Accepted) -> None:
        for effect in decision.effects:
            if isinstance(effect, ArmTimer):
                self.timers[effect.clock] = effect
            elif isinstance(effect, CancelTimer):
                self.timers.pop(effect.clock, None)
        self.effects = decision.effects
        self.told = [effect for effect in decision.effects if isinstance(effect, Notify)]
        armed = timers(self.definition, replay(self.events), self.definition.calendars)
        assert self.timers == {each.clock: each for each in armed if isinstance(each, ArmTimer)}

    def facts(self, by: str) -> Facts:
        """What the shell would load for a decision."""
        return Facts(
            now=self.now,
            actor=replace(person(by, self.team), lent=self.lent.get(by, ())),
            zone=SHANGHAI,
            lineages=LINEAGES,
            people=self.team,
            taken=self.taken,
            calendars=self.definition.calendars,
            case_id="case-1",
            number="P26-0001",
            sampling_key=b"key",
            away=frozenset(self.away),
            pools=self.pools,
            superiors=SUPERIORS,
            rewind=rewound(self.events),
            links=self.links,
            files=self.files,
            earlier=self.earlier,
            called=self.called,
        )

    def _allowed(self, command: Command, by: str) -> Case:
        decision = self.decide(command, by)
        assert isinstance(decision, Accepted), [(reason.code, reason.sentence.en) for reason in decision.reasons]
        return decision.case

    def _refused(self, command: Command, by: str) -> tuple[Reason, ...]:
        decision = self.decide(command, by)
        assert isinstance(decision, Refused), decision
        return decision.reasons


def stored(events: list[Event], definition: CompiledDefinition) -> list[Event]:
    """The events as they come back from the store."""
    return [decode_event(EVENT_KINDS[type(event)], encode_event(event, definition.kinds), definition.kinds) for event in events]


def assert_spoken(refused: Refused) -> None:
    """A refusal has a reason, and each can be said to a person in both languages."""
    assert refused.reasons
    for reason in refused.reasons:
        sentences = [reason.sentence, *(label for shown in reason.values for label in (shown.title, shown.value))]
        for text in (sentence.within(language) for sentence in sentences for language in ("zh", "en")):
            text.encode()
        assert reason.sentence.zh
        assert reason.sentence.en
        assert len(reason.sentence.en) < 20_000


def assert_told(definition: CompiledDefinition, case: Case | None, command: Command, facts: Facts, decision: Decision) -> None:
    """What is granted holds in every question that was asked before; the causes of a refusal are its reasons, in order.

    And what is refused before the form is filled is refused whatever it says.
    """
    if isinstance(decision, Refused):
        assert tuple(causes(decision.checks)) == decision.reasons
        assert not all(check.holds for check in decision.checks)
        return
    checks = examine(definition, None if isinstance(command, OpenCase) else case, command, facts)
    assert all(check.holds for check in checks), checks
    if isinstance(command, Fire) and case is not None:
        assert tuple(causes(look(definition, case, definition.states[case.state].steps[command.transition], facts))) == ()


def coded(reasons: tuple[Reason, ...]) -> list[tuple[str, str | None]]:
    """The reasons as pairs of code and subject, in order."""
    return [(reason.code, reason.subject) for reason in reasons]
