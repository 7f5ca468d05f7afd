"""Bulk: one wish for many cases as a plan – a step, or to assign them. A verdict for each case, then one transaction for each that can.

A plan moves nothing. What was foreseen holds for a revision: a case that has changed since is refused as stale, never moved by surprise.
Each case is dealt with under a key of its own, so a run that was cut off is simply run again. Every wish goes through `CaseService`, as a
single one does: nobody may do more in bulk than case by case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import cast

from engine.core.briefing import INTEGRATION, called_in
from engine.core.codec import Json, canonical, encode_instant
from engine.core.command import Assign, Fire
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Refused
from engine.errors import Conflict, Misuse, Unknown
from engine.label import Label, listed, verbatim
from engine.runtime.access import Access, access_of
from engine.runtime.answer import Answer
from engine.runtime.caller import Caller, Key
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.naming import by_field, person_named, require
from engine.runtime.reading import Views
from engine.runtime.service import CaseService, unknown_number
from engine.runtime.timesource import TimeSource
from engine.runtime.titles import person_title
from engine.store import cases, plans
from engine.store.cases import Filter
from engine.store.database import Database
from engine.store.plans import LineStatus, Plan, PlanLine, PlanWish, Why
from roles.roster import Roster

SCOPE = "bulk"
"""The scope of the keys under which the cases of plans are moved."""
_PAGE = 200
_AT_A_TIME = 25
"""How many lines are taken in hand, and settled, together."""
Progress = Callable[[int, int], None]
_GONE = Label("没有工单“{number}”", "There is no case “{number}”")


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with its lines, in order."""

    plan: Plan
    lines: tuple[PlanLine, ...]

    @property
    def possible(self) -> int:
        """How many cases can be moved, by the verdict."""
        return sum(line.verdict == "possible" for line in self.lines)

    @property
    def left(self) -> tuple[PlanLine, ...]:
        """What a run has still to move."""
        return tuple(line for line in self.lines if line.verdict == "possible" and line.status in ("waiting", "in_hand"))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A case as it was chosen: its number, revision and definition."""

    number: str
    revision: int
    digest: str


class Bulk:
    """Makes and carries out plans on one database; safe to share between threads."""

    def __init__(
        self, database: Database, catalog: Catalog, directory: Directory, views: Views, service: CaseService, time: TimeSource
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._views = views
        self._service = service
        self._time = time

    def plan(
        self,
        transition: str,
        chosen: Filter | Sequence[str],
        typed: Mapping[str, Json],
        reason: str | None,
        caller: Caller,
        *,
        most: int | None = None,
        progress: Progress = lambda _done, _total: None,
    ) -> Planned:
        """What the step would do to each of these cases now; kept, and nothing moved. Step and fields by id or title.

        A filter chooses among the cases that the caller sees. Raises Misuse when no case is chosen, or more than `most`, or personal values
        are typed, Unknown for a case or person that does not exist, for a case that he does not see, and for a step that no process of
        these cases has.
        """
        found = self._chosen(chosen, self._access(caller), most)
        step, data = self._resolved(transition, typed, found)
        return self._judged(Fire(step, data, reason), found, caller, progress)

    def assign(
        self,
        person: str | None,
        chosen: Filter | Sequence[str],
        reason: str | None,
        caller: Caller,
        *,
        most: int | None = None,
        progress: Progress = lambda _done, _total: None,
    ) -> Planned:
        """What giving each of these cases to a person, by id or name, or to nobody would do now; kept, and nothing is given.

        Raises as `plan` does, and Unknown for a person of whom the caller is not told.
        """
        access = self._access(caller)
        found = self._chosen(chosen, access, most)
        to = person_named(self._directory.roster(), person, access.people) if person is not None else None
        return self._judged(Assign(to, reason), found, caller, progress)

    def confirm(self, id: str, caller: Caller, *, most: int | None = None, progress: Progress = lambda _done, _total: None) -> Planned:
        """Move every case that the plan found possible, one transaction each, at most so many now; go on where a run was cut off.

        A finished plan only tells its result. Raises Unknown for a plan that does not exist, Conflict for one of somebody else or
        one that was dropped.
        """
        planned = self.result(id)
        plan = planned.plan
        self._check(plan, caller)
        with self._database.write() as connection:
            plans.set_state(connection, id, "confirmed", before="made")
        caller = replace(caller, provenance=replace(caller.provenance, cause=id))
        before, now = planned.possible - len(planned.left), planned.left[:most]
        for start in range(0, len(now), _AT_A_TIME):
            told = partial(_told, progress, before + start, planned.possible)
            self._carry_out(plan, now[start : start + _AT_A_TIME], caller, told)
        if len(now) == len(planned.left):
            self._finish(planned)
        return self.result(id)

    def drop(self, id: str, caller: Caller) -> None:
        """Give a plan up that nobody has confirmed. Raises Unknown, and Conflict when it is not open or somebody else's."""
        self._check(self.result(id).plan, caller)
        with self._database.write() as connection:
            if not plans.set_state(connection, id, "dropped", before="made"):
                raise Conflict(Label("计划“{id}”已执行，不能作废。", "The plan “{id}” has been run and cannot be dropped.").fill(id=id))

    def result(self, id: str) -> Planned:
        """A plan and what came of each of its cases. Raises Unknown."""
        with self._database.read() as reader:
            plan = plans.plan(reader, id)
            lines = plans.lines(reader, id)
        if plan is None:
            raise unknown_plan(id)
        return Planned(plan, tuple(lines))

    def seen(self, planned: Planned, access: Access) -> Planned:
        """The same plan with only the lines of the cases that this one sees."""
        with self._database.read() as reader:
            found = cases.records(reader, [line.number for line in planned.lines])
        known = {number for number, each in found.items() if access.finds(self._catalog.by_digest(each.case.digest), each.case)}
        return replace(planned, lines=tuple(line for line in planned.lines if line.number in known))

    def stale(self, planned: Planned) -> frozenset[str]:
        """The cases that have changed since the verdict, so that they will not be moved."""
        with self._database.read() as reader:
            return plans.stale(reader, planned.plan.id)

    def newest(self, limit: int, made_by: str | None = None) -> list[Plan]:
        """At most `limit` plans, newest first; `made_by`: only of this person."""
        with self._database.read() as reader:
            return plans.plans_of(reader, limit=limit, made_by=made_by)

    def title_of(self, plan: Plan) -> Label:
        """What a plan does with its cases: the title of its step, or to whom it gives them."""
        if isinstance(plan.wish, Assign):
            return _given_to(plan.wish.person, self._directory.roster())
        with self._database.read() as reader:
            digests = plans.digests(reader, plan.id)
        return _steps(map(self._catalog.by_digest, digests)).get(plan.wish.transition, verbatim(plan.wish.transition))

    def _check(self, plan: Plan, caller: Caller) -> None:
        if plan.state == "dropped":
            raise Conflict(Label("计划“{id}”已作废。", "The plan “{id}” was dropped.").fill(id=plan.id))
        if plan.made_by != (caller.person or INTEGRATION.id):
            sentence = Label("计划“{id}”由“{maker}”制定。", "The plan “{id}” was made by “{maker}”.")
            raise Conflict(
                sentence.fill(id=plan.id, maker=called_in(self._directory.roster()).person(plan.made_by)),
                Label("判定只对制定人有效：请自己制定一份。", "Its verdicts hold for its maker: make a plan of your own."),
            )

    def _access(self, caller: Caller) -> Access:
        return access_of(self._directory.roster(), caller.identity, self._time.now())

    def _judged(self, wish: PlanWish, found: Sequence[_Chosen], caller: Caller, progress: Progress) -> Planned:
        """The verdict for each case, kept as a plan."""
        lines = []
        for place, case in enumerate(found, 1):
            answer = self._service.handle(case.number, replace(wish, expect=case.revision), caller, dry_run=True)
            reasons = _whys(answer)
            lines.append(PlanLine(place, case.number, case.revision, "refused" if reasons else "possible", reasons))
            progress(place, len(found))
        plan = _named(Plan("", self._time.now(), caller.person or INTEGRATION.id, wish), lines)
        with self._database.read() as reader:
            if plans.plan(reader, plan.id) is not None:
                return self.result(plan.id)  # the very same plan, made at the same instant of a simulated time
        with self._database.write() as connection:
            plans.add(connection, plan, lines)
        return Planned(plan, tuple(lines))

    def _chosen(self, chosen: Filter | Sequence[str], access: Access, most: int | None) -> list[_Chosen]:
        """The cases. Raises Unknown where there is none, Misuse where there are more than `most`."""
        enough = most + 1 if most is not None else None
        if isinstance(chosen, Filter):
            found = [*islice(self._filtered(chosen, access), enough)]
        else:
            found = self._numbered(islice(dict.fromkeys(chosen), enough), access)
        if not found:
            raise Unknown(Label("没有符合条件的工单。", "No case fits."), Label("请放宽条件。", "Choose less narrowly."))
        if most is not None and len(found) > most:
            sentence = Label("一个计划最多 {most} 个工单，实际更多。", "Expected at most {most} cases in a plan, found more.")
            raise Misuse(sentence.fill(most=most), Label("请分成几个计划。", "Make several plans of it."))
        return found

    def _numbered(self, numbers: Iterable[str], access: Access) -> list[_Chosen]:
        found = []
        with self._database.read() as reader:
            for number in numbers:
                record = reader.case(number)
                if record is None or not access.finds(self._catalog.by_digest(record.case.digest), record.case):
                    raise unknown_number(number)
                found.append(_Chosen(number, record.case.revision, record.case.digest))
        return found

    def _filtered(self, chosen: Filter, access: Access) -> Iterator[_Chosen]:
        after: str | None = None
        while True:
            page = self._views.page(chosen, _PAGE, after, access)
            for view in page.lines:
                yield _Chosen(view.line.number, view.line.revision, view.line.digest)
            if not page.more:
                return
            after = page.lines[-1].line.number

    def _resolved(self, transition: str, typed: Mapping[str, Json], chosen: Sequence[_Chosen]) -> tuple[str, dict[str, Json]]:
        """The step and the fields by their ids, as the first definition that has the step understands them."""
        definitions = [self._catalog.by_digest(digest) for digest in dict.fromkeys(case.digest for case in chosen)]
        step = require(transition, _steps(definitions), Label("步骤", "step"))
        definition = next(each for each in definitions if step in _steps((each,)))
        asked = {ask.field.id for state in definition.states.values() if step in state.steps for ask in state.steps[step].form.asks}
        data = {name: typed[given] for given in typed for name in by_field({given: ""}, definition, asked)}
        personal = [definition.fields[name].title for name in data if name in definition.personal]
        if personal:
            raise Misuse(
                Label("批量操作不能填写个人信息：{fields}。", "A step for many cases cannot fill in personal values: {fields}.").fill(
                    fields=listed(personal)
                ),
                Label("请逐个工单填写。", "Fill them in case by case."),
            )
        return step, data

    def _carry_out(self, plan: Plan, batch: Sequence[PlanLine], caller: Caller, told: Callable[[int], None]) -> None:
        with self._database.write() as connection:
            mine = [line for line in batch if plans.claim_line(connection, plan.id, line.place)]
        settled: list[tuple[int, LineStatus, str]] = []
        for done, line in enumerate(mine, 1):
            command = replace(plan.wish, expect=line.revision)
            answer = self._moved(line, command, caller, Key(SCOPE, f"{plan.id}:{line.place}"))
            if answer is None:
                gone = Why(Unknown.code, _GONE.fill(number=line.number))
                settled.append((line.place, "refused", _written((gone,))))
            elif isinstance(answer, Refused):
                settled.append((line.place, "refused", _written(_whys(answer))))
            else:
                settled.append((line.place, "done", answer.outcome.text()))
            told(done)
        with self._database.write() as connection:
            for place, status, outcome in settled:
                plans.settle_line(connection, plan.id, place, status, outcome, self._time.now())

    def _moved(self, line: PlanLine, command: PlanWish, caller: Caller, key: Key) -> Answer | None:
        """None for a case that the caller has lost from sight since the plan was made."""
        try:
            return self._service.handle(line.number, command, caller, key=key)
        except Unknown:
            return None

    def _finish(self, planned: Planned) -> None:
        left_out = [line for line in planned.lines if line.verdict == "refused" and line.status == "waiting"]
        with self._database.write() as connection:
            for line in left_out:
                plans.settle_line(connection, planned.plan.id, line.place, "skipped", None, self._time.now())
            plans.set_state(connection, planned.plan.id, "finished", before="confirmed")


def unknown_plan(id: str) -> Unknown:
    """The error for a plan that does not exist."""
    sentence = Label("没有批量计划“{id}”。", "There is no bulk plan “{id}”.").fill(id=id)
    return Unknown(sentence, Label("请用“aftercare bulk list”查看。", "See “aftercare bulk list”."))


def reasons_of(line: PlanLine) -> tuple[Why, ...]:
    """Why a case of a plan was not moved, or would not be: what its move was refused for, else the verdict."""
    if line.status != "refused" or line.outcome is None:
        return line.reasons
    return tuple(Why(code, Label(zh, en)) for code, zh, en in json.loads(line.outcome))


def _named(plan: Plan, lines: Sequence[PlanLine]) -> Plan:
    """The plan with its id: a fingerprint of all that it says, so that no randomness is needed."""
    wish = plan.wish
    what: list[Json] = ["assign", wish.person] if isinstance(wish, Assign) else [wish.transition, cast("Json", dict(wish.data))]
    said = [encode_instant(plan.made_at), plan.made_by, *what, wish.reason]
    text = canonical([*said, [[line.number, line.revision, line.verdict] for line in lines]])
    return replace(plan, id=sha256(text.encode()).hexdigest()[:8])


def _told(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _steps(definitions: Iterable[CompiledDefinition]) -> dict[str, Label]:
    titles: dict[str, Label] = {}
    for definition in definitions:
        for state in definition.states.values():
            for step in state.steps.values():
                titles.setdefault(step.id, step.title)
    return titles


def _given_to(person: str | None, roster: Roster) -> Label:
    if person is None:
        return Label("改为无人承办", "Assign to nobody")
    return Label("派给{who}", "Assign to {who}").fill(who=person_title(person, roster))


def _whys(answer: Answer) -> tuple[Why, ...]:
    return tuple(Why(reason.code, reason.sentence) for reason in answer.reasons) if isinstance(answer, Refused) else ()


def _written(whys: Iterable[Why]) -> str:
    return canonical([[why.code, why.sentence.zh, why.sentence.en] for why in whys])
