"""From a decision to the rows it is written as. Pure but for the salts; runs no SQL."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from os import urandom
from typing import cast

from engine.core.case import Case
from engine.core.codec import EVENT_KINDS, Json, Kinds, canonical, encode_event, encode_instant
from engine.core.decision import Accepted
from engine.core.event import Commented, Event
from engine.store.chain import START, commit, link
from engine.store.intent import Beside, besides, firing_rows, outbox_rows, timer_rows
from engine.store.record import Claim, KindsOf, Record, Recording, Row
from engine.store.schema import COMMENT
from engine.store.snapshot import encode_document, optional_instant


@dataclass(frozen=True, slots=True)
class Writing:
    """The rows of one decision, under the parameter names of `store.move`.

    `case` also carries `guard`: the seq that the stored row must still have, None for an opening.
    """

    case: Row
    entries: list[Row]
    personal: list[Row]
    armed: list[Row]
    cancelled: list[Row]
    firings: list[Row]
    outbox: list[Row]
    claimed: list[Row]
    released: list[Row]
    request: Row | None
    record: Record
    changed: tuple[bool, ...]
    """Which of `store.move.PARTS` change; nothing for an opening."""
    besides: list[Beside]
    """What is written only rarely, each by a statement of its own, once the guard has held."""


def prepare(before: Record | None, accepted: Accepted, recording: Recording, kinds_of: KindsOf, claim_key: bytes) -> Writing:
    """All rows of a decision. ValueError when its events do not lead from `before` to its case."""
    case = accepted.case
    first = case.seq - len(accepted.events) + 1
    if not accepted.events or first != (1 if before is None else before.case.seq + 1):
        raise ValueError(f"the events of {case.number} do not follow its seq")
    kinds = kinds_of(case.digest)
    head = START if before is None else before.head
    entries: list[Row] = []
    apart: list[Row] = []
    for seq, event in enumerate(accepted.events, first):
        entry = _entry(case, recording, kinds, seq, event, apart)
        head = link(head, **entry)  # type: ignore[arg-type]
        entry["hash"] = head
        entries.append(entry)
    held_before = frozenset() if before is None else before.held
    armed, cancelled = timer_rows(case, accepted.effects)
    held = _held(recording.claims, case.outcome is None, claim_key)
    return Writing(
        case=_case_row(
            before,
            accepted,
            recording,
            head,
            encode_document(case, recording.personal, held, kinds, () if before is None else before.performed),
        ),
        entries=entries,
        personal=apart,
        armed=armed,
        cancelled=cancelled,
        firings=firing_rows(case.id, accepted.events),
        outbox=outbox_rows(case, accepted.effects, kinds, recording.personal),
        claimed=[_claim_row(case.workflow, case.id, claim) for claim in sorted(held - held_before)],
        released=[_claim_row(case.workflow, case.id, claim) for claim in sorted(held_before - held)],
        request=_request_row(recording, case),
        record=Record(case, head, held, recording.subject),
        changed=() if before is None else _changed(before, case, recording.subject),
        besides=besides(case, accepted.effects, recording.errands_done),
    )


def _changed(before: Record, case: Case, subject: str | None) -> tuple[bool, ...]:
    old = before.case
    has_new_definition = old.digest != case.digest
    return (
        has_new_definition or old.state != case.state,
        old.outcome != case.outcome or old.ended_at != case.ended_at,
        has_new_definition,
        old.unit != case.unit,
        old.assignee != case.assignee,
        before.subject != subject,
    )


def hash_claim(claim_key: bytes, field: str, value: str) -> str:
    """The keyed hash under which a unique value is kept."""
    return hmac.digest(claim_key, f"{field}\0{value}".encode(), "sha256").hex()


def _entry(case: Case, recording: Recording, kinds: Kinds, seq: int, event: Event, apart: list[Row]) -> Row:
    body = encode_event(event, kinds)
    at, actor, on_behalf_of = body.pop("at"), body.pop("actor"), body.pop("on_behalf_of")
    reason = body.pop("reason", None)
    commitments = _take_personal(case.id, recording.personal, seq, event, body, apart)
    if commitments:
        body["personal"] = commitments
    provenance = recording.provenance
    return {
        "case_id": case.id,
        "seq": seq,
        "at": at,
        "kind": EVENT_KINDS[type(event)],
        "door": provenance.door,
        "principal": provenance.principal,
        "actor": actor,
        "on_behalf_of": on_behalf_of,
        "reason": reason,
        "cause": provenance.cause,
        "digest": case.digest,
        "body": canonical(body),
    }


def _take_personal(case_id: str, personal: frozenset[str], seq: int, event: Event, body: Row, apart: list[Row]) -> dict[str, Json]:
    """Take the personal values out of the body into rows of their own; answer the commitments that stay in their place."""
    values: Row
    if isinstance(event, Commented):
        values = {COMMENT: body.pop("text")}
    else:
        changes = cast(Row, body.get("changes", {}))
        # An emptied personal field gets a row too (null), or the value before it would still count as the present one.
        values = {field: changes.pop(field) for field in personal.intersection(changes)}
    commitments: dict[str, Json] = {}
    for field, value in values.items():
        text, salt = canonical(value), urandom(16).hex()
        commitments[field] = commit(salt, text)
        apart.append({"case_id": case_id, "seq": seq, "field": field, "salt": salt, "value": text})
    return commitments


def _held(claims: tuple[Claim, ...], is_open: bool, claim_key: bytes) -> frozenset[tuple[str, str]]:
    if not claims:
        return frozenset()
    return frozenset((claim.field, hash_claim(claim_key, claim.field, claim.value)) for claim in claims if is_open or claim.until == "ever")


def _case_row(before: Record | None, accepted: Accepted, recording: Recording, head: str, document: str) -> Row:
    case = accepted.case
    row: Row = {
        "case_id": case.id,
        "guard": None if before is None else before.case.seq,
        "new_digest": case.digest,
        "new_version": recording.version,
        "new_unit": case.unit,
        "new_state": case.state,
        "new_phase": recording.phase,
        "new_outcome": case.outcome,
        "new_assignee": case.assignee,
        "new_subject": recording.subject,
        "new_entered_at": encode_instant(case.entered_at),
        "new_ended_at": optional_instant(case.ended_at),
        "new_last_at": encode_instant(case.last_at),
        "new_visit": case.visit,
        "new_seq": case.seq,
        "new_revision": case.revision,
        "new_head": head,
        "new_document": document,
    }
    if before is None:
        row |= {
            "number": case.number,
            "workflow": case.workflow,
            "reference": recording.reference,
            "opened_at": encode_instant(case.opened_at),
        }
    return row


def _claim_row(workflow: str, case_id: str, claim: tuple[str, str]) -> Row:
    return {"workflow": workflow, "field": claim[0], "value_hash": claim[1], "case_id": case_id}


def _request_row(recording: Recording, case: Case) -> Row | None:
    request = recording.request
    if request is None:
        return None
    at = encode_instant(case.last_at)
    return {"scope": request.scope, "key": request.key, "hash": request.hash, "outcome": request.outcome, "at": at}
