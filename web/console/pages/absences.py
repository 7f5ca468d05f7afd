"""Being away: from when until when, what would wait meanwhile, and who stands in – in one step; and a delegation by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import APIRouter
from fastapi.responses import Response

from engine.errors import AftercareError, Conflict, Forbidden, Misuse, Unknown
from engine.label import Label
from engine.runtime.colleagues import Colleague, colleague, colleagues
from engine.runtime.presence import role_title
from roles.absence import Absence
from roles.delegation import Delegation
from web.console.form.control import OFFERED
from web.console.form.named import naming
from web.console.form.span import Span, span_in, today
from web.console.pages.people import GAPS, HELD, PATH, person_address, seen_of, show_person, told_of
from web.console.screen import Filled, Screen, Showing
from web.problem import STATUS_OF_ERRORS, in_full

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in a form: the days, who stands in, in which role, why; and what is wrong."""

    span: Span
    deputy: str = ""
    role: str = ""
    reason: str = ""
    faults: Mapping[str, Label] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may stand in. `is_near`: he holds all the roles himself."""

    id: str
    name: str
    is_near: bool
    is_here: bool


@router.get(PATH + "/{person}/away")
def ask_away(screen: Showing, person: str) -> Response:
    """The form: when, and who stands in."""
    screen.application.personnel.require_absences(person, screen.access)
    return _show_away(screen, person, Asked(today(screen.application.time.now(), screen.application.settings.zone)))


@router.post(PATH + "/{person}/away")
def away(screen: Showing, person: str, form: Filled) -> Response:
    """Say so; with somebody who stands in, both or neither."""
    asked, personnel = _asked(screen, form), screen.application.personnel
    personnel.require_absences(person, screen.access)
    if asked.faults or asked.span.since is None or asked.span.until is None:
        return _show_away(screen, person, asked, 422)
    by = screen.caller.provenance.principal
    try:
        absence = Absence(person, asked.span.since, asked.span.until)
        lent = Delegation(person, asked.deputy, asked.role or None, absence.since, absence.until) if asked.deputy else None
        _, lost = personnel.record_absence(absence, asked.reason or None, screen.access, by=by, delegation=lent)
    except (Conflict, Misuse, Unknown, Forbidden) as error:
        place = "deputy" if asked.deputy else "last"
        return _show_away(screen, person, _refused(asked, error, place), STATUS_OF_ERRORS[error.code])
    said = Label("已登记不在岗", "The absence is recorded")
    return screen.then(person_address(person), lambda: show_person(screen, person), said, told_of(lost, screen.access))


@router.get(PATH + "/{person}/delegate")
def ask_delegate(screen: Showing, person: str) -> Response:
    """The form: to whom, for what, when."""
    screen.application.personnel.require_delegations(person, screen.access)
    return _show_delegate(screen, person, Asked(today(screen.application.time.now(), screen.application.settings.zone)))


@router.post(PATH + "/{person}/delegate")
def delegate(screen: Showing, person: str, form: Filled) -> Response:
    """Let somebody stand in."""
    asked = _asked(screen, form)
    screen.application.personnel.require_delegations(person, screen.access)
    if not asked.deputy:
        missing = Label("请选择代理人。", "Choose who stands in.")
        asked = replace(asked, faults={**asked.faults, "deputy": missing})
    if asked.faults or asked.span.since is None or asked.span.until is None:
        return _show_delegate(screen, person, asked, 422)
    try:
        made = Delegation(person, asked.deputy, asked.role or None, asked.span.since, asked.span.until)
        by = screen.caller.provenance.principal
        screen.application.personnel.record_delegation(made, asked.reason or None, screen.access, by=by)
    except (Conflict, Misuse) as error:
        return _show_delegate(screen, person, _refused(asked, error, "deputy"), STATUS_OF_ERRORS[error.code])
    said = Label("已登记委托", "The delegation is recorded")
    return screen.then(person_address(person), lambda: show_person(screen, person), said)


def _asked(screen: Screen, form: Filled) -> Asked:
    span = span_in(form, screen.application.time.now(), screen.application.settings.zone)
    deputy, role, reason = (str(form.get(name) or "").strip() for name in ("deputy", "role", "reason"))
    found = naming(screen).read(deputy) if deputy else ""
    if isinstance(found, Label):
        return Asked(span, deputy, role, reason, {**span.faults, "deputy": Label("{it}。", "{it}.").fill(it=found)})
    return Asked(span, found, role, reason, span.faults)


def _refused(asked: Asked, error: AftercareError, place: str) -> Asked:
    return replace(asked, faults={place: in_full(error)})


def _show_away(screen: Screen, person: str, asked: Asked, status: int = 200) -> Response:
    application, access = screen.application, screen.access
    held = application.views.held([person], access).get(person, ())
    lost = seen_of(application.workforce.lost_without(person, application.time.now()), access)
    may_lend = application.personnel.powers(person, access).delegations
    return _form(
        screen, "away.html", person, asked, status,
        held=held[:HELD], held_count=len(held), lost=lost[:GAPS], lost_more=max(len(lost) - GAPS, 0), may_lend=may_lend,
    )  # fmt: skip


def _show_delegate(screen: Screen, person: str, asked: Asked, status: int = 200) -> Response:
    return _form(screen, "delegate.html", person, asked, status)


def _form(screen: Screen, template: str, person: str, asked: Asked, status: int, **values: object) -> Response:
    application, access = screen.application, screen.access
    roster, now, roles = application.directory.roster(), application.time.now(), application.hierarchy.roles
    known = colleague(roster, access, person, now)
    near, others = _candidates(screen, known)
    is_long = len(near) + len(others) > OFFERED
    return screen.page(
        template,
        "people",
        status,
        one=known.person,
        is_self=person == screen.person,
        asked=asked,
        near=near,
        others=others,
        offered=[*near, *others][:OFFERED] if is_long else (),
        deputy=next((each.name for each in (*near, *others) if each.id == asked.deputy), asked.deputy),
        own_roles={each: role_title(each, roles) for each in sorted({grant.role for grant in roster.ahead(person, now)})},
        person_address=person_address,
        **values,  # type: ignore[arg-type]
    )


def _candidates(screen: Screen, known: Colleague) -> tuple[list[Candidate], list[Candidate]]:
    """Who may stand in: those first who hold the same roles, of each those first who are here."""
    application = screen.application
    roster, now = application.directory.roster(), application.time.now()
    own = {grant.role for grant in roster.ahead(known.person.id, now)}
    found = [
        Candidate(
            each.person.id,
            roster.names[each.person.id],
            bool(own) and own <= {grant.role for grant in each.holds},
            roster.is_present(each.person.id, now),
        )
        for each in colleagues(roster, screen.access, now).values()
        if each.person.id != known.person.id and roster.is_active(each.person.id, now)
    ]
    found.sort(key=lambda each: (not each.is_here, each.name))
    return [each for each in found if each.is_near], [each for each in found if not each.is_near]
