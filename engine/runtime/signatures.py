"""Steps that wait for signatures, in words: who has signed what, and who is still needed. Reads, never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.core.approval import Outstanding, pending
from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.facts import Facts
from engine.label import Label, listed
from engine.runtime.titles import person_title
from roles.roster import Roster


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One signature."""

    person: str
    who: Label
    at: datetime


@dataclass(frozen=True, slots=True)
class SigningView:
    """A step that somebody has signed, and that needs more signatures still."""

    step: str
    title: Label
    signatures: tuple[SignatureView, ...]
    signed: int
    needed: int
    missing: Label
    """Who is still needed: roles of which one must sign, and how many besides."""


def signings(definition: CompiledDefinition, case: Case, facts: Facts, roster: Roster) -> tuple[SigningView, ...]:
    """The steps of a case that wait for signatures."""
    steps = definition.states[case.state].steps
    return tuple(
        SigningView(
            name,
            steps[name].title,
            tuple(_signature(each.actor, each.on_behalf_of, each.at, roster) for each in case.signing[name].signatures),
            outstanding.signed,
            outstanding.needed,
            _missing(definition, outstanding),
        )
        for name, outstanding in pending(definition, case, facts).items()
    )


def _signature(actor: str, behalf: str | None, at: datetime, roster: Roster) -> SignatureView:
    who = person_title(actor, roster)
    if behalf is not None:
        who = Label("{who}（代{behalf}）", "{who} (for {behalf})").fill(who=who, behalf=person_title(behalf, roster))
    return SignatureView(actor, who, at)


def _missing(definition: CompiledDefinition, outstanding: Outstanding) -> Label:
    titles = [definition.roles[role] for role in outstanding.roles]
    others = outstanding.needed - outstanding.signed - len(titles)
    if others:
        more = Label("另 {n} 人", "{n} more") if titles else Label("{n} 人", "{n} more")
        titles.append(more.fill(n=others))
    return listed(titles)
