"""The world of one story: its people, its clock and its cases. Wishes are decided here as in production, and carried out at once.

What a store would keep is kept in memory: events, timers that ring while time passes, errands between parents and children – done right
after the decision that asks them – and whom messages reached. Decides nothing itself (`core.decide`) and expects nothing (`expecting`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.authoring.scenario.archive import StageArchive, Standing
from engine.authoring.scenario.messenger import Messenger
from engine.authoring.scenario.sampling import CHANCE, key_for
from engine.authoring.scenario.setting import Setting
from engine.authoring.scenario.trace import Trace
from engine.core.briefing import Place, brief
from engine.core.case import Case
from engine.core.command import Command, Elapse, Fire, OpenCase, Undo, Wake
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import SYSTEM
from engine.core.decide import decide
from engine.core.decision import Accepted, Decision
from engine.core.effect import ArmTimer, CancelChild, CancelTimer, Effect, Emit, Notify, OpenIncident, TakeTurn, WakeParent
from engine.core.facts import Facts
from engine.core.family import PARENT, child_now, not_cancelled
from engine.core.number import numbered, remainder
from engine.core.offspring import decide_family
from engine.core.recipient import Search
from engine.core.standstill import STANDSTILLS, may_stand_still, standstills
from engine.core.undoing import moved_on, rewound
from engine.core.unique import unique_values
from engine.errors import Unknown
from engine.label import Label, listed
from engine.timing.moment import EARLIEST
from roles.actor import Actor
from roles.roster import Roster
from roles.staff import Staff

RINGS_LIMIT = 10_000
"""How many timers ring in one step."""


@dataclass(slots=True)
class Happened:
    """What came of the step at hand, besides the decision itself."""

    told: dict[str, set[str]] = field(default_factory=dict)
    """person or party → templates."""
    incidents: set[str] = field(default_factory=set)
    emitted: set[str] = field(default_factory=set)
    """The events that were given out."""
    troubles: list[Label] = field(default_factory=list)
    """What must not happen at all: a message that cannot be made, a parent that cannot take note of its child."""


class Stage:
    """One story while it is played."""

    def __init__(self, setting: Setting, definition: CompiledDefinition, staff: Staff, roster: Roster) -> None:
        self.setting = setting
        self.definition = definition
        self.staff = staff
        self.roster = roster
        self.now = EARLIEST
        """Until the story begins, nothing has happened."""
        self.archive = StageArchive(setting.superiors)
        self.current: Standing | None = None
        """The case that the story is about: the one opened last, children aside."""
        self.sampled: bool | None = None
        """What `sampled(n)` says; None: chance, the same in every run."""
        self.heard: str | None = None
        """The event from outside that makes the wish at hand."""
        self.happened = Happened()
        self.traces: list[Trace] = []
        self._numbers: Counter[str] = Counter()
        self._incidents: set[tuple[str, str, str]] = set()
        self._messenger = Messenger(setting)
        self._intents: list[tuple[Standing, int, Notify]] = []
        self._actor = SYSTEM
        """Who makes the wish that is being decided."""

    def change_people(self, staff: Staff) -> None:
        """From now on the people are these."""
        self.staff = staff
        self.roster = Roster(staff)

    def child_of(self, alias: str) -> Standing | None:
        """The newest child of the case at hand under an alias."""
        children = self.current.case.children.get(alias, ()) if self.current is not None else ()
        return next((self.archive.cases[child.id] for child in reversed(children) if not child.disowned), None)

    def parent_of(self, standing: Standing) -> Standing | None:
        """The case that opened one, if it is on the stage."""
        return self.archive.cases.get(standing.case.parent.id) if standing.case.parent is not None else None

    def open(self, command: OpenCase, actor: Actor) -> Decision:
        """Open a case of the process; it is the one at hand then."""
        definition = self.definition
        id = self.new_id()
        facts = replace(self.facts(definition, None, command, actor), case_id=id, sampling_key=self._key(id, 1))
        decision = decide(definition, None, command, facts)
        if not isinstance(decision, Accepted):
            self.traces.append(Trace(definition, None, command, facts, decision, self.heard))
            return decision
        number = self.new_number(self.now, decision.case.unit)
        decision = self._decide(definition, None, command, replace(facts, number=number))
        if isinstance(decision, Accepted):
            self.current = self.archive.cases[decision.case.id]
        self._tell()
        return decision

    def wish(self, standing: Standing, command: Command, actor: Actor) -> Decision:
        """Let a case decide a wish, and carry out what follows."""
        facts = self.facts(standing.definition, standing.case, command, actor)
        if isinstance(command, Undo):
            facts = self._with_rewind(standing, facts)
        decision = self._decide(standing.definition, standing, command, facts)
        self._tell()
        return decision

    def wait(self, until: datetime) -> None:
        """Time passes; every timer rings at its own instant, as if somebody watched all the time."""
        for _ in range(RINGS_LIMIT):
            ringing = min(self._timers(until), default=None)
            if ringing is None:
                self.now = until
                return
            self.now = max(self.now, ringing[0])
            standing = self.archive.cases[ringing[1]]
            self.wish(standing, Elapse(by=self.now), SYSTEM)
        self.happened.troubles.append(
            Label("一步中有超过 {limit} 次提醒到点", "more than {limit} timers ring in one step").fill(limit=RINGS_LIMIT)
        )

    def settle(self) -> None:
        """What is due at this very instant, and what the watch would notice: what stands still, and what does so no more."""
        self.wait(self.now)
        found: set[tuple[str, str, str]] = set()
        for each in self.archive.cases.values():
            if may_stand_still(each.definition.states[each.case.state]):
                search = Search(each.definition, each.case, self.roster, self.setting.superiors, self.now)
                for incident in standstills(each.definition, each.case, search, self.roster):
                    found.add((each.case.id, incident.kind, incident.subject))
                    self._open_incident(each, incident)
        self._incidents = {key for key in self._incidents if key in found or not self._is_over(key[0], key[1])}

    def place(self, standing: Standing, made: Accepted) -> None:
        """Put a case on the stage whose beginning is not told: it is the one at hand."""
        self._record(standing, made)
        self.current = standing

    def take(self, standing: Standing, made: Accepted) -> None:
        """What has happened to a case without being told; its family hears of it."""
        self._record(standing, made)
        self._follow([(standing, made)])
        self._tell()

    def facts(self, definition: CompiledDefinition, case: Case | None, command: Command, actor: Actor) -> Facts:
        """What production would load for a decision."""
        self._actor = actor
        place = Place(self.setting.zone_of(definition), self.setting.calendars(definition), 0, self._sampling_key(case))
        facts = brief(definition, case, command, actor, self.now, place, self.roster, self.archive)
        if case is None or case.parent is None or case.outcome is None:
            return facts
        parent = self.archive.cases.get(case.parent.id)
        return replace(facts, parent_is_open=parent is not None and parent.case.outcome is None)

    def newest(self, workflow: str) -> CompiledDefinition:
        """The newest definition of a workflow (`core.offspring.Nursery`). Raises Unknown."""
        found = self.setting.definitions.get(workflow)
        if found is None:
            raise Unknown(Label("没有流程“{name}”。", "There is no workflow “{name}”.").fill(name=workflow))
        return found

    def facts_of_birth(self, definition: CompiledDefinition, command: OpenCase) -> Facts:
        """The facts for opening a child."""
        id = self.new_id()
        facts = self.facts(definition, None, command, self._actor)
        return replace(facts, case_id=id, sampling_key=self._key(id, 1))

    def next_number(self, remainder: str) -> int:
        """The next running number of this number text."""
        self._numbers[remainder] += 1
        return self._numbers[remainder]

    def new_number(self, opened_at: datetime, unit: str | None) -> str:
        """The number of a new case of the process."""
        rest = remainder(self.definition.number, opened_at.astimezone(self.setting.zone_of(self.definition)), unit)
        return numbered(rest, self.next_number(rest))

    def new_id(self) -> str:
        """The id of a new case."""
        return f"case-{self.next_number('')}"

    def _sampling_key(self, case: Case | None) -> bytes:
        return CHANCE if case is None else self._key(case.id, case.visit)

    def _key(self, case_id: str, visit: int) -> bytes:
        return CHANCE if self.sampled is None else key_for(case_id, visit, sampled=self.sampled)

    def _with_rewind(self, standing: Standing, facts: Facts) -> Facts:
        """The facts for a wish to undo; where the story begins, nothing lies before that could be taken back."""
        found = rewound(standing.events)
        if found is None or found.seq <= standing.entered:
            return facts
        case, of_step = standing.case, [(notify, whom) for seq, notify, whom in standing.told if seq == found.told_under]
        inside = {each for notify, whom in of_step if not _is_outside(notify) for each in whom}
        informed = any(_is_outside(notify) and whom and (notify.not_before or facts.now) <= facts.now for notify, whom in of_step)
        moved = moved_on(case, found.moved, self.archive.by_number)
        rewind = replace(found, told=tuple(sorted(inside)), informed=informed, moved_on=moved)
        wanted = unique_values(standing.definition, rewind.before.data, is_open=True)
        return replace(facts, rewind=rewind, taken=self.archive.taken(case.workflow, wanted, case.id))

    def _decide(self, definition: CompiledDefinition, standing: Standing | None, command: Command, facts: Facts) -> Decision:
        """Decide, carry out, and let the family follow."""
        before = standing.case if standing is not None else None
        decision, born = decide_family(self, definition, before, command, facts)
        self.traces.append(Trace(definition, before, command, facts, decision, self.heard))
        if not isinstance(decision, Accepted):
            return decision
        made = [(standing or Standing(definition, decision.case), decision)]
        for each in born:
            self.traces.append(Trace(each.definition, None, each.command, each.facts, each.decision))
            made.append((Standing(each.definition, each.decision.case), each.decision))
        for one, accepted in made:
            self._record(one, accepted)
        self._follow(made)
        return decision

    def _record(self, standing: Standing, accepted: Accepted) -> None:
        self.archive.cases[accepted.case.id] = standing
        standing.case = accepted.case
        standing.events += accepted.events
        for effect in accepted.effects:
            self._carry_out(standing, effect)

    def _carry_out(self, standing: Standing, effect: Effect) -> None:
        """What a store would do with an intent; errands are for `_follow`."""
        match effect:
            case ArmTimer():
                standing.timers[effect.clock] = effect
            case CancelTimer():
                standing.timers.pop(effect.clock, None)
            case Notify():
                self._intents.append((standing, standing.case.seq, effect))
            case Emit():
                self.happened.emitted.add(effect.event)
            case OpenIncident():
                self._open_incident(standing, effect)
            case TakeTurn():
                # One decision may give several cases away: who came later stands behind.
                self.archive.turns[effect.role, effect.person] = self.now + timedelta(microseconds=len(self.traces))

    def _open_incident(self, standing: Standing, incident: OpenIncident) -> None:
        key = (standing.case.id, incident.kind, incident.subject)
        if key not in self._incidents:
            self._incidents.add(key)
            self.happened.incidents.add(incident.kind)

    def _is_over(self, case_id: str, kind: str) -> bool:
        """Whether an incident would be resolved once it is not found again, and could be opened anew."""
        return kind in STANDSTILLS or (kind == "nobody_to_assign" and self.archive.cases[case_id].case.assignee is not None)

    def _follow(self, made: Iterable[tuple[Standing, Accepted]]) -> None:
        """What these decisions ask of their families, done at once."""
        for standing, accepted in made:
            for effect in accepted.effects:
                if isinstance(effect, WakeParent):
                    self._wake_parent(standing)
                elif isinstance(effect, CancelChild):
                    self._cancel(standing, self.archive.cases[effect.child], effect.step)

    def _wake_parent(self, child: Standing) -> None:
        parent = self.parent_of(child)
        if parent is None:
            return
        facts = self.facts(parent.definition, parent.case, Wake(), SYSTEM)
        facts = replace(facts, child=child_now(parent.definition, child.case, child.definition))
        decision = self._decide(parent.definition, parent, Wake(), facts)
        if not isinstance(decision, Accepted) and any(reason.code != "stale" for reason in decision.reasons):
            sentence = Label("上级工单无法处理子工单的结果：{why}", "the parent cannot take note of its child: {why}")
            self.happened.troubles.append(sentence.fill(why=listed(reason.sentence for reason in decision.reasons)))

    def _cancel(self, parent: Standing, child: Standing, step: str) -> None:
        command = Fire(step)
        decision = self._decide(child.definition, child, command, self.facts(child.definition, child.case, command, PARENT))
        if not isinstance(decision, Accepted) and child.case.outcome is None:
            incident, notice = not_cancelled(child.definition, child.case, parent.case, step, parent.definition.owner, decision.reasons)
            self._open_incident(child, incident)
            self._intents.append((child, child.case.seq, notice))

    def _tell(self) -> None:
        """Everybody is told whom the decisions of this moment mean, as things stand after all of them."""
        intents, self._intents = self._intents, []
        for standing, seq, notify in intents:
            sent = self._messenger.tell(standing, notify, self.roster, self.now)
            standing.told.append((seq, notify, sent.whom))
            self.happened.troubles += sent.faults
            for each in sent.whom:
                self.happened.told.setdefault(each, set()).add(notify.template)
            if sent.alarm is not None:
                self._open_incident(standing, sent.alarm)

    def _timers(self, until: datetime) -> Iterator[tuple[datetime, str]]:
        for each in self.archive.cases.values():
            for timer in each.timers.values():
                if timer.fires_at is not None and timer.fires_at <= until:
                    yield timer.fires_at, each.case.id


def _is_outside(notify: Notify) -> bool:
    return any(right.kind == "party" for right in notify.tell)
