"""People changed by people: each says when he is away and who stands in for him; administrators change the rest, as far as they look after.

Judges who may, then hands on to `staffing`, `substitution` and `accounts`, which check what may be so. Whoever works at the machine itself
comes to those directly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.definition.organisation import Holding
from engine.errors import Conflict, Forbidden, Unknown
from engine.label import Label
from engine.runtime import staffing, substitution
from engine.runtime.access import Access
from engine.runtime.colleagues import Colleague, colleague
from engine.runtime.directory import Directory
from engine.runtime.hierarchy import Hierarchy
from engine.runtime.separation import Lent
from engine.runtime.timesource import TimeSource
from engine.runtime.workforce import Gap, Workforce
from engine.store import people
from engine.store.database import Database
from roles.absence import Absence
from roles.actor import ADMINISTRATOR
from roles.delegation import Delegation
from roles.roster import Roster

Gaps = tuple[Gap, ...]
"""What people could finish before a change and cannot after it."""


@dataclass(frozen=True, slots=True)
class Powers:
    """What somebody may change of a person. `keeps`: his name, his password, whether he may sign in at all."""

    absences: bool
    delegations: bool
    keeps: bool


class Personnel:
    """Serves one database; safe to share between threads."""

    def __init__(
        self, database: Database, directory: Directory, hierarchy: Hierarchy, workforce: Workforce, zone: ZoneInfo, time: TimeSource
    ) -> None:
        self._database = database
        self._directory = directory
        self._hierarchy = hierarchy
        self._workforce = workforce
        self._zone = zone
        self._time = time

    def powers(self, person: str, access: Access) -> Powers:
        """What he may change of this person. Raises Unknown for one of whom he is not told."""
        known, now, roster = self._known(person, access)
        is_self = access.actor is not None and access.actor.id == person
        ahead = roster.ahead(person, now)
        is_active = roster.is_active(person, now)
        return Powers(
            absences=is_active and known.is_open,
            delegations=is_active and (is_self or access.has_charge(ahead)),
            keeps=not is_self and access.has_charge(ahead),
        )

    def record_absence(
        self, absence: Absence, reason: str | None, access: Access, *, by: str, delegation: Delegation | None = None
    ) -> tuple[int, Gaps]:
        """Somebody is away: himself says so, or an administrator. Answers its number, and what stands still by it.

        `delegation`: who stands in for him; then both are recorded, or neither. Raises Forbidden, and as `substitution.record_absence`
        and `record_delegation` do.
        """
        self.require_absences(absence.person, access)
        if delegation is not None:
            self._require_lending(delegation, access)
        now, database, registry = self._time.now(), self._database, self._hierarchy.registry
        with self._workforce.losses(max(now, absence.since)) as lost:
            if delegation is None:
                id = substitution.record_absence(database, absence, at=now, by=by, reason=reason)
            else:
                id = substitution.record_both(database, registry, absence, delegation, at=now, by=by, reason=reason)
        return id, tuple(lost)

    def end_absence(self, id: int, access: Access) -> str:
        """He is back, or will not be away; answers who. Raises Unknown for one that is over or of whom he is not told; Forbidden."""
        roster = self._directory.roster()
        person = next((each.absence.person for each in roster.absences if each.id == id), None)
        if person is None or person not in (access.people or roster.people):
            raise Unknown(Label("没有编号为 {id} 的不在岗记录。", "No absence has the number {id} now.").fill(id=id))
        self.require_absences(person, access)
        substitution.end_absence(self._database, id, at=self._time.now())
        return person

    def record_delegation(self, delegation: Delegation, reason: str | None, access: Access, *, by: str) -> int:
        """Somebody stands in: whose work it is says so, or an administrator of all that he holds. Answers its number.

        Raises Unknown for a delegate of whom he is not told, Forbidden, and as `substitution.record_delegation` does.
        """
        self._require_lending(delegation, access)
        registry = self._hierarchy.registry
        return substitution.record_delegation(self._database, registry, delegation, at=self._time.now(), by=by, reason=reason)

    def end_delegation(self, id: int, access: Access) -> str:
        """Nobody acts by it any more; answers for whom he did. Raises as `end_absence` does."""
        roster = self._directory.roster()
        person = next((each.delegation.delegator for each in roster.delegations if each.id == id), None)
        if person is None or person not in (access.people or roster.people):
            raise Unknown(Label("没有编号为 {id} 的委托。", "No delegation has the number {id} now.").fill(id=id))
        self.require_delegations(person, access)
        substitution.end_delegation(self._database, id, at=self._time.now())
        return person

    def add(self, id: str, name: str, email: str | None, access: Access) -> bool:
        """Somebody new, who holds nothing yet; False where he is there already and the same.

        Raises Forbidden for whoever does not look after the whole installation, Conflict for another person of this id.
        """
        _require_whole(access)
        known = self._directory.roster().people.get(id)
        if known is not None and known.name != name.strip():
            sentence = Label("标识“{id}”已属于{name}。", "The id “{id}” belongs to {name} already.").fill(id=id, name=known.name)
            raise Conflict(sentence, Label("请换一个标识。", "Choose another id."))
        return staffing.add_person(self._database, id, name, email)

    def rename(self, person: str, name: str, email: str, access: Access) -> bool:
        """Another name or mail address, and a disabled person is back; False where all is so already. Raises Unknown, Forbidden."""
        known, _, _ = self._known(person, access)
        self.require_keeping(person, access)
        return staffing.add_person(self._database, person, name, email, known.person.kind)

    def assign(self, person: str, holding: Holding, access: Access, *, by: str) -> Gaps:
        """Give a role, in a unit that he is administrator of. Raises Forbidden, and as `staffing.assign` does."""
        self._known(person, access)
        _require_administrator(holding.unit, access)
        now, given = self._time.now(), staffing.given(person, holding, self._time.now(), self._zone)
        held = self._directory.roster().assignments(person, now)
        is_there = self._directory.roster().is_active(person, now)
        if is_there and any(
            (each.grant, each.until) == (given.grant, given.until) and each.since <= max(now, given.since) for each in held
        ):
            return ()  # sent twice, or held already
        try:
            with self._workforce.losses() as lost:
                staffing.assign(self._database, self._hierarchy.registry, given, at=now, by=by)
        except Lent as error:
            if access.people is None or error.persons <= access.people:
                raise
            raise _lent_elsewhere() from None
        return tuple(lost)

    def revoke(self, person: str, role: str, unit: str | None, access: Access) -> Gaps:
        """Take a role back, at once; what stands still by it. Raises Forbidden, Conflict for the last administrator, and as `staffing`."""
        _, now, roster = self._known(person, access)
        _require_administrator(unit, access)
        if not any((each.role, each.unit) == (role, unit) for each in roster.assignments(person, now)):
            return ()  # taken back already
        registry, check = self._hierarchy.registry, self._leaving_another(person) if (role, unit) == (ADMINISTRATOR, None) else None
        return self._losing(lambda: staffing.revoke(self._database, registry, person, role, unit, at=self._time.now(), check=check))

    def disable(self, person: str, access: Access) -> Gaps:
        """From now on he holds nothing and cannot sign in; what stands still by it. Raises Unknown, Forbidden, Conflict as `revoke`."""
        self.require_keeping(person, access)
        check = self._leaving_another(person)
        return self._losing(lambda: staffing.disable(self._database, person, at=self._time.now(), check=check))

    def require_absences(self, person: str, access: Access) -> None:
        """Raises Forbidden unless he may say when this person is away, Unknown where he is not told of him."""
        _require(self.powers(person, access).absences)

    def require_delegations(self, person: str, access: Access) -> None:
        """The same of who stands in for this person."""
        _require(self.powers(person, access).delegations)

    def require_keeping(self, person: str, access: Access) -> None:
        """Raises Forbidden unless he may change the account of this person, Unknown where he is not told of him."""
        _require(self.powers(person, access).keeps)

    def require_adding(self, access: Access) -> None:
        """Raises Forbidden unless he may add people."""
        _require_whole(access)

    def _require_lending(self, delegation: Delegation, access: Access) -> None:
        self._known(delegation.delegate, access)
        self.require_delegations(delegation.delegator, access)

    def _losing(self, change: Callable[[], object]) -> Gaps:
        with self._workforce.losses() as lost:
            change()
        return tuple(lost)

    def _known(self, person: str, access: Access) -> tuple[Colleague, datetime, Roster]:
        roster, now = self._directory.roster(), self._time.now()
        return colleague(roster, access, person, now), now, roster

    def _leaving_another(self, person: str) -> staffing.Check:
        """That somebody else looks after the whole installation. Raises Conflict.

        Two administrators who take each other's role at the same instant have both read that the other one stays: it is read again while
        nobody else changes the staff, and as it is then.
        """

        def check(connection: Connection) -> None:
            roster = Roster(people.staff(connection))
            holders = roster.holders(ADMINISTRATOR, self._time.now())
            if {each for each, units in holders.items() if None in units} == {person}:
                raise Conflict(
                    Label("“{person}”是唯一的系统管理员。", "“{person}” is the only administrator.").fill(person=roster.names[person]),
                    Label("请先授予另一人。", "Give the role to somebody else first."),
                )

        return check


def _require(may: bool) -> None:
    if not may:
        raise Forbidden(
            Label("此人的这项信息不由您更改。", "This of another person is not for you to change."),
            Label("请本人或其单位的系统管理员办理。", "He does it himself, or an administrator of his unit."),
        )


def _require_administrator(unit: str | None, access: Access) -> None:
    if not access.administers(unit):
        raise Forbidden(
            Label("只有该单位的系统管理员可以授予或撤销角色。", "Only an administrator of the unit gives roles there and takes them back."),
            Label("请联系系统管理员。", "Ask an administrator."),
        )


def _lent_elsewhere() -> Conflict:
    """The same as `Lent`, for whoever is not told of all of whom that speaks."""
    return Conflict(
        Label(
            "职责分离：此人有委托代理，加上这个角色会使一人身兼不相容的职责。",
            "By a delegation one person would combine duties that are kept apart.",
        ),
        Label("请先由其本人或系统管理员结束委托。", "Let him, or an administrator of the whole, end that delegation first."),
    )


def _require_whole(access: Access) -> None:
    if not access.administers(None):
        raise Forbidden(
            Label("只有全局的系统管理员可以添加人员。", "Only an administrator of the whole installation adds people."),
            Label("请联系系统管理员。", "Ask an administrator."),
        )
