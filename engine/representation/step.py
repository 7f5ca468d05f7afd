"""Steps and wishes as objects for JSON: what somebody may do, what he was granted or refused, everything that was asked, and who can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.case import Case
from engine.core.decision import Check, CheckKind, Reason, ReasonCode, Refused, Shown
from engine.core.examine import verdict
from engine.core.explain import Option
from engine.representation.label import LabelObject, of_label
from engine.representation.outcome import OutcomeObject, of_outcome
from engine.representation.scalar import Instant, Number, Person, Revision, of_instant
from engine.runtime.answer import Granted
from engine.runtime.standing import Who, Why

Holds = Annotated[bool | None, Field(description="Null: what will be filled in decides.")]


class ShownObject(TypedDict):
    """A value that decided."""

    name: Annotated[str, Field(description="As the definition writes it.")]
    title: LabelObject
    value: LabelObject


class ReasonObject(TypedDict):
    """A reason of a refusal."""

    code: ReasonCode
    sentence: LabelObject
    subject: Annotated[str | None, Field(description="What it is about: a field, a step.")]
    values: Annotated[list[ShownObject], Field(description="The values that decided.")]
    missing: Annotated[list[str], Field(description="Fields to fill before the question can be answered at all.")]


class CheckObject(TypedDict):
    """A question that was asked."""

    kind: CheckKind
    subject: str | None
    sentence: Annotated[LabelObject, Field(description="What is asked, as a statement that holds or does not.")]
    holds: Holds
    reason: Annotated[ReasonObject | None, Field(description="Why not, where it does not hold and is itself a cause.")]
    values: list[ShownObject]
    parts: Annotated[list[CheckObject], Field(description="The questions that it is made of.")]


class WhoObject(TypedDict):
    """Somebody who has the right to a step; with hindrances he cannot use it."""

    person: Person
    name: str
    on_behalf_of: Annotated[Person | None, Field(description="Whose right it is, if not his own.")]
    present: bool
    back_at: Instant | None
    hindrances: list[CheckObject]


class AskObject(TypedDict):
    """A field that a step asks for."""

    field: str
    title: LabelObject
    optional: bool


class OptionObject(TypedDict):
    """A step as one person sees it."""

    step: str
    title: LabelObject
    allowed: bool
    reasons: Annotated[list[ReasonObject], Field(description="All that stands against it; none where it is allowed.")]
    asks: list[AskObject]
    shows: Annotated[list[str], Field(description="The fields to look at before it is done.")]
    needs_reason: bool
    conditions: Annotated[list[LabelObject], Field(description="What depends on the form, and is therefore still open.")]
    checks: Annotated[list[CheckObject], Field(description="All that was asked, what holds included.")]
    who_can: Annotated[list[WhoObject] | None, Field(description="Who else may, where it is this person who may not.")]


class OptionsObject(TypedDict):
    """The steps of a case as one person sees them."""

    number: Number
    revision: Revision
    options: list[OptionObject]


class WhyObject(TypedDict):
    """One step and one person: everything that was asked, and who can."""

    number: Number
    revision: Revision
    step: str
    title: LabelObject
    holds: Holds
    checks: list[CheckObject]
    who_can: Annotated[list[WhoObject] | None, Field(description="Null for a step that no person performs, or of another state.")]


class GrantObject(OutcomeObject):
    """A wish that came true, or would."""

    granted: bool
    dry_run: bool
    repeated: Annotated[bool, Field(description="It had been done before under this key.")]
    checks: Annotated[list[CheckObject], Field(description="All that was asked; only of a dry run.")]
    alarms: Annotated[list[LabelObject], Field(description="What went wrong beside it and is an incident now.")]


class RefusalObject(TypedDict):
    """A wish that was refused."""

    granted: bool
    reasons: list[ReasonObject]
    checks: list[CheckObject]
    who_can: list[WhoObject] | None


def of_options(case: Case, found: Sequence[Option], who: Mapping[str, Sequence[Who]]) -> OptionsObject:
    """The steps of a case as one person sees them."""
    steps = [of_option(each, who.get(each.step)) for each in found]
    return {"number": case.number, "revision": case.revision, "options": steps}


def of_option(option: Option, who: Sequence[Who] | None) -> OptionObject:
    """A step as one person sees it, and who can where that is the question."""
    return {
        "step": option.step,
        "title": of_label(option.title),
        "allowed": option.allowed,
        "reasons": [of_reason(each) for each in option.reasons],
        "asks": [{"field": ask.field.id, "title": of_label(ask.field.title), "optional": ask.optional} for ask in option.asks],
        "shows": list(option.shows),
        "needs_reason": option.needs_reason,
        "conditions": [of_label(each) for each in option.conditions],
        "checks": [of_check(each) for each in option.checks],
        "who_can": [of_who(each) for each in who] if who is not None else None,
    }


def of_why(why: Why) -> WhyObject:
    """One step and one person: everything that was asked, and who can."""
    return {
        "number": why.case.number,
        "revision": why.case.revision,
        "step": why.step.id,
        "title": of_label(why.step.title),
        "holds": verdict(why.checks),
        "checks": [of_check(each) for each in why.checks],
        "who_can": [of_who(each) for each in why.who] if why.who is not None else None,
    }


def of_grant(granted: Granted, *, dry_run: bool) -> GrantObject:
    """A wish that came true, or would."""
    return {
        "granted": True,
        "dry_run": dry_run,
        "repeated": granted.repeated,
        **of_outcome(granted.outcome),
        "checks": [of_check(each) for each in granted.checks],
        "alarms": [of_label(each) for each in granted.alarms],
    }


def of_refusal(refused: Refused, who: Sequence[Who] | None) -> RefusalObject:
    """A wish that was refused."""
    return {
        "granted": False,
        "reasons": [of_reason(each) for each in refused.reasons],
        "checks": [of_check(each) for each in refused.checks],
        "who_can": [of_who(each) for each in who] if who is not None else None,
    }


def of_check(check: Check) -> CheckObject:
    """A question that was asked; `holds` is null where the form will decide."""
    return {
        "kind": check.kind,
        "subject": check.subject,
        "sentence": of_label(check.sentence),
        "holds": check.holds,
        "reason": of_reason(check.reason) if check.reason is not None else None,
        "values": [_shown(each) for each in check.values],
        "parts": [of_check(each) for each in check.parts],
    }


def of_who(who: Who) -> WhoObject:
    """Somebody who has the right to a step; with hindrances he cannot use it."""
    able = who.able
    return {
        "person": able.person,
        "name": who.name,
        "on_behalf_of": able.on_behalf_of,
        "present": able.is_present,
        "back_at": of_instant(who.back_at),
        "hindrances": [of_check(each) for each in able.hindrances],
    }


def of_reason(reason: Reason) -> ReasonObject:
    """A reason of a refusal."""
    return {
        "code": reason.code,
        "sentence": of_label(reason.sentence),
        "subject": reason.subject,
        "values": [_shown(each) for each in reason.values],
        "missing": list(reason.missing),
    }


def _shown(shown: Shown) -> ShownObject:
    return {"name": shown.name, "title": of_label(shown.title), "value": of_label(shown.value)}
