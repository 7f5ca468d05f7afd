"""Intake: something comes over the counter. It is scanned, what was here before is told at once, and the form of a start is filled in.

The one who opens a case is asked for his right when he sends the form; what is offered here is only what he would be granted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from engine.core.command import OpenCase
from engine.core.decision import Reason, Refused
from engine.label import Label, listed
from engine.runtime.answer import KeyReused
from engine.runtime.arrivals import Arrival, Earlier, filled
from engine.runtime.standing import somebody_else_may
from engine.runtime.starts import Offer, follows_others
from roles.scope import Identity
from web.console.case.reasons import Others, others_of
from web.console.form.filling import Sent, sent_in
from web.console.form.forming import Filling, form_of
from web.console.form.known import known_to
from web.console.pages.receipts import PATH as RECEIPT
from web.console.pages.receipts import show_receipt
from web.console.screen import Filled, Screen, Showing
from web.guessing import Guesses
from web.problem import status_of
from web.storable import is_storable

PATH = "/intake"
FORM = PATH + "/{workflow}/{start}"
SECTION = "intake"

router = APIRouter(include_in_schema=False)

Scanned = Annotated[str, Query(max_length=200)]


@router.get(PATH)
def intake(screen: Showing, subject: Scanned = "") -> Response:
    """What was scanned, what was here of it before, and how it may come in; the form at once where there is one way and nothing to see."""
    text = _kept(subject)
    offers = screen.application.starts.offers(Identity(screen.person))
    mine = sorted((each for each in offers if each.units), key=lambda each: follows_others(each.definition))
    arrival = _look(screen, text) if text else None
    if arrival is not None and len(mine) == 1 and not arrival.is_here and not arrival.others:
        return screen.then(start_address(mine[0], text), lambda: _show_start(screen, _Filling(mine[0], text)))
    others = _of_others(screen, [each for each in offers if not each.units])
    return screen.page("intake.html", SECTION, text=text, arrival=arrival, mine=mine, others=others, start_address=start_address)


@router.get(FORM)
def start(
    screen: Showing,
    workflow: str,
    start: str,
    subject: Scanned = "",
    taken_from: Annotated[str, Query(alias="from", max_length=100)] = "",
    unit: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The form, with what was scanned in its place; `from`: with what lasts of an earlier case of the device, too."""
    return _show_start(screen, _Filling(_offer(screen, workflow, start), _kept(subject), _kept(taken_from), _kept(unit)))


@router.post(FORM)
def receive(screen: Showing, workflow: str, start: str, form: Filled) -> Response:
    """Open the case; its receipt, or the form again with all that stands against it."""
    application, offer = screen.application, _offer(screen, workflow, start)
    sent = sent_in(form, offer.step.form.asks, screen)
    unit, scanned, reference = (str(form.get(name) or "").strip() for name in ("unit", "subject", "reference"))
    filling = _Filling(offer, scanned, unit=unit, sent=sent, reference=reference)
    if sent.is_changed_only:
        return _show_start(screen, filling)
    command, key = OpenCase(offer.step.id, sent.data, sent.reason or None, unit or None), screen.key(form)
    name, is_tried = offer.definition.workflow, bool(sent.faults)
    try:
        answer = application.cases.open(name, command, screen.caller, key=key, reference=reference or None, dry_run=is_tried)
    except KeyReused as error:
        return _show_start(screen, replace(filling, problem=error.sentence))
    if isinstance(answer, Refused) or is_tried:
        reasons = answer.reasons if isinstance(answer, Refused) else ()
        return _show_start(screen, replace(filling, faults=(*sent.faults, *reasons)))
    number = answer.outcome.number
    said = Label("已受理 {number}", "{number} is taken in").fill(number=number)
    address = f"{RECEIPT.format(number=quote(number, safe=''))}?received=1"
    return screen.then(address, lambda: show_receipt(screen, number, is_new=True), said)


def start_address(offer: Offer, text: str = "", taken_from: str = "") -> str:
    """Where the form of a start is, for something that was scanned."""
    query = {name: value for name, value in (("subject", text), ("from", taken_from)) if value}
    return FORM.format(workflow=offer.definition.workflow, start=offer.step.id) + (f"?{urlencode(query)}" if query else "")


def show_refused(screen: Screen, offer: Offer) -> Response:
    """That he may not open a case by this start, and who can."""
    definition, step = offer.definition, offer.step
    roles = listed(definition.roles[each] for each in sorted(definition.roles_of(step)))
    return screen.page("intake_refused.html", SECTION, 403, offer=offer, others=_others(screen, offer), roles=roles)


@dataclass(frozen=True, slots=True)
class _Filling:
    """A start that is filled in. `taken_from`: an earlier case; `sent`: the form as it came back."""

    offer: Offer
    scanned: str = ""
    taken_from: str = ""
    unit: str = ""
    sent: Sent | None = None
    reference: str = ""
    faults: tuple[Reason, ...] = ()
    problem: Label | None = None
    """What stands against the form as a whole."""

    @property
    def device(self) -> str:
        """What is to be looked up: the device that the form names, else what was scanned."""
        subject = self.offer.definition.subject
        named = self.sent.data.get(subject) if self.sent is not None and subject is not None else None
        return named if isinstance(named, str) and named else self.scanned


def _show_start(screen: Screen, filling: _Filling) -> Response:
    offer, sent, faults = filling.offer, filling.sent, filling.faults
    if not offer.units and sent is None:
        return show_refused(screen, offer)
    definition, asks = offer.definition, offer.step.form.asks
    arrival = _look(screen, filling.device) if filling.device else None
    earlier = _earlier(screen, filling, arrival)
    unit = filling.unit or next((each for each in offer.units if each is not None), "")
    form = form_of(
        asks,
        known_to(screen, definition, None, asks, unit or None),
        Filling(sent.data, sent.reason, faults) if sent is not None else Filling(_first(filling, arrival, earlier), faults=faults),
        reason="required" if offer.step.reason_required else "none",
    )
    return screen.page(
        "start.html",
        SECTION,
        _status_of(filling),
        offer=offer,
        form=form,
        filling=filling,
        unit=unit,
        units=screen.application.directory.roster().unit_titles,
        arrival=arrival,
        earlier=earlier,
        others=_others(screen, offer) if somebody_else_may(faults) else None,
        key=token_urlsafe(16),
        start_address=start_address,
    )


def _first(filling: _Filling, arrival: Arrival | None, earlier: Earlier | None) -> Mapping[str, object] | None:
    """What stands in a form before anybody has written in it."""
    offer = filling.offer
    device = arrival.subject if arrival is not None else None
    read = filled(offer.definition, offer.step, filling.scanned) or (filled(offer.definition, offer.step, device) if device else {})
    brought = earlier.data if earlier is not None and filling.taken_from else {}
    return {**brought, **read} or None


def _earlier(screen: Screen, filling: _Filling, arrival: Arrival | None) -> Earlier | None:
    """The case of which something may be taken over: the one that was chosen, else the newest of the device."""
    newest = arrival.newest if arrival is not None else None
    number = filling.taken_from or (newest.line.number if newest is not None else "")
    if not number:
        return None
    return screen.application.arrivals.earlier(filling.offer.step, filling.offer.definition, number, screen.access)


def _look(screen: Screen, text: str) -> Arrival:
    """Raises HTTPException 429 for whoever has lately guessed too often at what is masked for him."""
    guesses = Guesses(screen.request, screen.person)
    guesses.require_few()
    arrival = screen.application.arrivals.look(text, screen.access)
    if not arrival.is_known:
        guesses.count()
    return arrival


def _offer(screen: Screen, workflow: str, start: str) -> Offer:
    return screen.application.starts.offer(workflow, start, Identity(screen.person))


def _others(screen: Screen, offer: Offer) -> Others:
    """Who can open a case by this start."""
    return others_of(screen.application.standing.who_can_open(offer.definition, offer.step.id, None, screen.access) or ())


def _of_others(screen: Screen, offers: Sequence[Offer]) -> list[tuple[Offer, Others]]:
    """The starts that somebody else has, and who."""
    found = screen.application.standing.who_can_open_each([(each.definition, each.step.id) for each in offers], screen.access)
    told = ((offer, others_of(who or ())) for offer, who in zip(offers, found, strict=True))
    return [(offer, others) for offer, others in told if others.named]


def _status_of(filling: _Filling) -> int:
    codes = {each.code for each in filling.faults}
    return status_of(codes) or (200 if filling.problem is None else 422)


def _kept(text: str) -> str:
    """As much of it as a database looks for."""
    return text.strip() if is_storable(text) else ""
