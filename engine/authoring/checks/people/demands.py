"""The demands of a process: what each step takes of the person who performs it, given who has done what before.

Follows the words of `by` and `not_by`, person fields and what fills them, and signatures, as `roles.policy` and `core.perform` do.
Wherever somebody may choose – a form, an assignment – he is taken to choose well. Conditions of `requires` are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.authoring.checks.people.outcome import Outcome
from engine.authoring.checks.people.part import Cast, Demand, Likeness, Part, holder_of, one_of
from engine.core.authority import working
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.expression import Expression
from engine.core.expression.term import CaseFact, FieldValue, Holders, StepFact, Term, Together, leaves
from roles.policy import Right

_OUTSIDE = frozenset({"party", "integration", "system", "parent"})


class Demands:
    """What the steps of one definition demand."""

    def __init__(self, definition: CompiledDefinition) -> None:
        self.definition = definition
        steps = definition.steps()
        self.fields = _fields(steps)
        """Person fields that decide who may do something, directly or because they are copied into one that does."""
        self._looked_at = _looked_at(steps, self.fields)
        self._crowd = max((_signatures(step) for step in steps if self._is_signed_by_people(step)), default=1)
        """So many persons stand in a field of people, if as many can be found: they may all have to sign."""
        self._participants = frozenset(Right("role", role) for role in working(definition))
        self._roles = {step.path: self._roles_of(step) for step in steps}
        self._plain = frozenset(step.path for step in steps if self._demands_nothing_more(step))

    def needs_staff(self, step: CompiledStep) -> bool:
        """Whether nobody outside may perform the step."""
        return all(right.kind not in _OUTSIDE for right in step.by)

    def roles_for(self, step: CompiledStep) -> Demand | None:
        """Which roles the step takes, if it takes nothing else; what is by the holder of the case can be handed to any participant."""
        if not self.needs_staff(step) or any(right.kind == "field" for right in step.by):
            return None
        return one_of(self._roles[step.path])

    def is_plain(self, step: CompiledStep) -> bool:
        """Whether the step demands no more than its roles, whenever it is performed, and leaves no trace that matters later."""
        return step.path in self._plain

    def _demands_nothing_more(self, step: CompiledStep) -> bool:
        by_field = any(right.kind == "field" for right in step.by)
        return not (
            step.id in self._looked_at
            or step.not_by_steps
            or any(right.kind in ("role", "field") for right in step.not_by_rights)
            or step.approvals is not None
            or (by_field and self.needs_staff(step))
            or self.fields.intersection((*(ask.field.id for ask in step.form.asks), *(name for name, _ in step.sets), *step.clears))
        )

    def enact(self, cast: Cast, step: CompiledStep, outcome: Outcome) -> Cast:
        """The parts once the step is performed, in this way, by whoever may after these."""
        if step.path in self._plain:
            return cast
        before = cast
        for ask in step.form.asks:
            if ask.field.id in self.fields:
                cast, persons = self._chosen(cast, ask.field.id, holder_of(ask.field.role), optional=ask.optional)
                cast = cast.with_standing(ask.field.id, persons)
        cast, performers = self._performed(before, cast, step, is_binding=_names_actor(outcome.sets))
        filled = cast
        for name, value in outcome.sets:
            cast, persons = self._meant(cast, filled, name, value, performers)
            cast = cast.with_standing(name, persons)
        for name in self.fields.intersection(step.clears):
            cast = cast.with_standing(name, ())
        return cast.with_performers(step.id, performers) if step.id in self._looked_at else cast

    def _chosen(self, cast: Cast, field_id: str, demand: Demand, *, optional: bool = False) -> tuple[Cast, tuple[int, ...]]:
        """Somebody new for the field, and of people as many as may have to sign; one that may be left empty may hold nobody."""
        persons: tuple[int, ...] = ()
        for number in range(self._crowd if self.definition.kinds[field_id].name == "people" else 1):
            cast, place = cast.with_part(Part(("fields", field_id), demand, optional=optional or number > 0), anew=True)
            persons += (place,)
        return cast, persons

    def _meant(self, cast: Cast, filled: Cast, name: str, value: Expression, performers: tuple[int, ...]) -> tuple[Cast, tuple[int, ...]]:
        """Whom the value for a field names, by those who stood there when the form was `filled`; somebody new where that may be anybody.

        The holders of a role may be nobody.
        """
        persons: tuple[int, ...] = ()
        for term in _summands(value.tree):
            named = _named(filled, term, performers)
            if isinstance(term, Holders):
                cast, named = self._chosen(cast, name, holder_of(term.role), optional=True)
            elif named is None:
                cast, named = self._chosen(cast, name, holder_of(self.definition.fields[name].role))
            persons += named
        return cast, tuple(dict.fromkeys(persons))

    def _performed(self, before: Cast, cast: Cast, step: CompiledStep, *, is_binding: bool) -> tuple[Cast, tuple[int, ...]]:
        """With a part for each person whom the step takes, and the places of these. The fields of `by` are those before the form."""
        roles = self._roles[step.path]
        likes = frozenset(self._likes(before, step))
        named = any(right.kind == "field" for right in step.by)
        needs_staff = self.needs_staff(step)
        if not needs_staff and not (is_binding and (roles or likes)):
            return cast, ()
        part = Part(
            step.path,
            one_of(roles),
            barred=frozenset(right.name for right in step.not_by_rights if right.kind == "role"),
            optional=not needs_staff,
            likes=likes,
            apart=self._barred(cast, step),
        )
        is_remembered = is_binding or step.id in self._looked_at
        if step.approvals is not None:
            return self._signed(cast, step, part, anew=is_remembered)
        if not roles and len(likes) == 1 and needs_staff:
            (like,) = likes
            return cast.with_more(like.part, replace(part, demand=like.demand)), (like.part,)
        if not (named or part.barred or part.apart or is_remembered):
            return cast, ()
        cast, place = cast.with_part(part, anew=is_remembered)
        return cast, (place,)

    def _signed(self, cast: Cast, step: CompiledStep, part: Part, *, anew: bool) -> tuple[Cast, tuple[int, ...]]:
        """A part for each signature: one for each role that must sign, the others for whoever may."""
        assert step.approvals is not None
        each_of = [frozenset(right for right in step.by if (right.kind, right.name) == ("role", role)) for role in step.approvals.each_of]
        count = _signatures(step)
        signers: list[int] = []
        for index in range(count):
            signer = replace(part, signer=index, apart=part.apart.union(signers))
            if index < len(each_of):
                signer = replace(signer, demand=one_of(each_of[index]), likes=frozenset())
            cast, place = cast.with_part(signer, anew=anew)
            signers.append(place)
        return cast, tuple(signers)

    def _is_signed_by_people(self, step: CompiledStep) -> bool:
        return any(right.kind == "field" and self.definition.kinds[right.name].name == "people" for right in step.by)

    def _roles_of(self, step: CompiledStep) -> frozenset[Right]:
        own = frozenset(right for right in step.by if right.kind == "role")
        if any(right.kind == "assignee" for right in step.by):
            return own | self._participants  # whoever takes part may be given the case by hand
        return own

    def _likes(self, cast: Cast, step: CompiledStep) -> Iterator[Likeness]:
        for right in step.by:
            if right.kind == "field":
                demand = holder_of(self.definition.fields[right.name].role)
                yield from (Likeness(part, demand) for part in cast.standing_in(right.name))

    def _barred(self, cast: Cast, step: CompiledStep) -> frozenset[int]:
        """Those from whom the performer is kept apart. That he does not hold the case can be seen to by hand."""
        performers = (part for name in step.not_by_steps for part in cast.performers_of(name))
        fields = (part for right in step.not_by_rights if right.kind == "field" for part in cast.standing_in(right.name))
        return frozenset((*performers, *fields))


def _fields(steps: Iterable[CompiledStep]) -> frozenset[str]:
    steps = tuple(steps)
    found = {right.name for step in steps for right in (*step.by, *step.not_by_rights) if right.kind == "field"}
    while True:
        copied = {leaf.field for step in steps for name, value in _sets(step) if name in found for leaf in _field_leaves(value)}
        if copied <= found:
            return frozenset(found)
        found |= copied


def _looked_at(steps: Iterable[CompiledStep], fields: frozenset[str]) -> frozenset[str]:
    """The steps whose performers matter later."""
    steps = tuple(steps)
    copied = {
        leaf.step
        for step in steps
        for name, value in _sets(step)
        if name in fields
        for leaf in leaves(value.tree)
        if isinstance(leaf, StepFact) and leaf.question == "performers"
    }
    return frozenset(copied).union(*(step.not_by_steps for step in steps))


def _sets(step: CompiledStep) -> Iterator[tuple[str, Expression]]:
    for name, rule in step.sets:
        yield from ((name, value) for value in rule.values())


def _field_leaves(value: Expression) -> Iterator[FieldValue]:
    return (leaf for leaf in leaves(value.tree) if isinstance(leaf, FieldValue) and leaf.kind.name in ("person", "people"))


def _signatures(step: CompiledStep) -> int:
    """How many persons the step takes at most."""
    return max(*step.approvals.at_least.values(), len(step.approvals.each_of)) if step.approvals is not None else 1


def _names_actor(sets: Iterable[tuple[str, Expression]]) -> bool:
    return any(isinstance(term, CaseFact) and term.name == "actor" for _, value in sets for term in _summands(value.tree))


def _named(cast: Cast, term: Term, performers: tuple[int, ...]) -> tuple[int, ...] | None:
    """Whom a term names; None when that may be anybody."""
    match term:
        case CaseFact(name="actor"):
            return performers[-1:]
        case FieldValue(field=field):
            return cast.standing_in(field)
        case StepFact(question="performers", step=step):
            return cast.performers_of(step)
        case _:
            return None


def _summands(term: Term) -> Iterator[Term]:
    if isinstance(term, Together):
        yield from (*_summands(term.left), *_summands(term.right))
    else:
        yield term
