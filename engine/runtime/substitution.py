"""Who is away, and who stands in for whom: checked against people and role files before it is recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.core.prose import REASON_LIMIT, fault_in
from engine.errors import Conflict, Misuse, Unknown, did_you_mean
from engine.label import Label, listed
from engine.runtime.days import midnight
from engine.runtime.separation import check_delegation
from engine.store import people
from engine.store.database import Database
from roles.absence import Absence
from roles.delegation import Delegation, check_circle
from roles.registry import RoleRegistry

_LIST_ABSENCES = Label("请用“aftercare absent”查看。", "See them with “aftercare absent”.")
_LIST_DELEGATIONS = Label("请用“aftercare delegate”查看。", "See them with “aftercare delegate”.")


def days(
    since: date | None, until: date, at: datetime, zone: ZoneInfo, *, begins: time | None = None, ends: time | None = None
) -> tuple[datetime, datetime]:
    """From the first day (None: from now on) to the end of the last, as instants. Raises Misuse for days that are over.

    `begins`, `ends`: from this time of the first day, until that of the last.
    """
    over = midnight(until + timedelta(days=1), zone) if ends is None else datetime.combine(until, ends, zone).astimezone(UTC)
    if over <= at:
        sentence = Label("“{day}”已经过去。", "The day {day} has passed.").fill(day=until)
        raise Misuse(sentence, Label("请填写今天或以后的日期。", "Name today or a later day."))
    if since is None:
        return at, over
    return (midnight(since, zone) if begins is None else datetime.combine(since, begins, zone).astimezone(UTC)), over


def record_absence(database: Database, absence: Absence, *, at: datetime, by: str, reason: str | None) -> int:
    """Record that somebody is away; answers its number: that of the one there is, where the same was recorded before.

    Raises Unknown for a person who does not exist, Conflict for a disabled one.
    """
    _check_reason(reason)
    with database.write() as connection:
        return _add_absence(connection, absence, at, by, reason)


def end_absence(database: Database, id: int, *, at: datetime) -> None:
    """From this instant the person is there again. Raises Unknown for an absence that does not last any more."""
    with database.write() as connection:
        if not people.end_absence(connection, id, at):
            raise Unknown(Label("没有编号为 {id} 的不在岗记录。", "No absence has the number {id} now.").fill(id=id), _LIST_ABSENCES)


def record_delegation(
    database: Database, registry: RoleRegistry, delegation: Delegation, *, at: datetime, by: str, reason: str | None
) -> int:
    """Let one person act for another; answers its number: that of the one there is, where the same was recorded before.

    Raises Unknown for a person or role that does not exist; Conflict for a disabled person, a role that the delegator does not hold
    in that time, a circle, and duties kept apart that the delegate would combine.
    """
    _check_reason(reason)
    with database.write() as connection:
        return _add_delegation(connection, registry, delegation, at, by, reason)


def record_both(
    database: Database, registry: RoleRegistry, absence: Absence, delegation: Delegation, *, at: datetime, by: str, reason: str | None
) -> int:
    """Record that somebody is away and who stands in, both or neither; answers the number of the absence. Raises as the two of them."""
    _check_reason(reason)
    with database.write() as connection:
        _add_delegation(connection, registry, delegation, at, by, reason)
        return _add_absence(connection, absence, at, by, reason)


def end_delegation(database: Database, id: int, *, at: datetime) -> None:
    """From this instant nobody acts by it. Raises Unknown for a delegation that does not last any more."""
    with database.write() as connection:
        if not people.end_delegation(connection, id, at):
            raise Unknown(Label("没有编号为 {id} 的委托。", "No delegation has the number {id} now.").fill(id=id), _LIST_DELEGATIONS)


def _add_absence(connection: Connection, absence: Absence, at: datetime, by: str, reason: str | None) -> int:
    _require_active(connection, absence.person, at)
    same = next((each.id for each in people.absences(connection) if each.absence == absence), None)
    return same if same is not None else people.add_absence(connection, absence, at=at, by=by, reason=reason)


def _add_delegation(
    connection: Connection, registry: RoleRegistry, delegation: Delegation, at: datetime, by: str, reason: str | None
) -> int:
    _require_active(connection, delegation.delegator, at)
    _require_active(connection, delegation.delegate, at)
    _check_held(connection, registry, delegation)
    check_circle(delegation, (known.delegation for known in people.delegations(connection)))
    check_delegation(connection, registry, delegation)
    same = next((each.id for each in people.delegations(connection) if each.delegation == delegation), None)
    return same if same is not None else people.add_delegation(connection, delegation, at=at, by=by, reason=reason)


def _check_held(connection: Connection, registry: RoleRegistry, delegation: Delegation) -> None:
    if delegation.role is None:
        return
    role = registry.role(delegation.role)
    held = [each.assignment for each in people.assignments_of(connection, delegation.delegator)]
    held = [each for each in held if each.since < delegation.until and (each.until is None or each.until > delegation.since)]
    if any(each.role == role.id for each in held):
        return
    sentence = Label("“{person}”在此期间不担任“{role}”。", "“{person}” does not hold “{role}” in that time.")
    others = [registry.roles[name].title for name in sorted({each.role for each in held} & registry.roles.keys())]
    way_out = Label("其在此期间担任：{roles}。", "What is held then: {roles}.") if others else None
    raise Conflict(
        sentence.fill(person=people.name_of(connection, delegation.delegator), role=role.title),
        way_out.fill(roles=listed(others)) if way_out is not None else None,
    )


def _check_reason(reason: str | None) -> None:
    fault = fault_in(reason, REASON_LIMIT) if reason else None
    if fault is not None:
        raise Misuse(Label("原因：{fault}。", "Reason: {fault}.").fill(fault=fault))


def _require_active(connection: Connection, id: str, at: datetime) -> None:
    person = people.person_by_id(connection, id)
    if person is None:
        known = [each.id for each in people.all_people(connection)]
        raise Unknown(Label("没有人员“{id}”。", "There is no person “{id}”.").fill(id=id), did_you_mean(id, known))
    if person.disabled_at is not None and person.disabled_at <= at:
        sentence = Label("“{name}”已停用。", "“{name}” is disabled.").fill(name=person.name)
        raise Conflict(sentence, Label("请另选一人。", "Name somebody else."))
