"""A part that a person takes in a case – performing a step, signing it, standing in a field – as the document demands it.

Says who may take it by roles, not by names: the same part is played in every unit. Knows no person.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.core.problem import Path
from roles.policy import Right

Demand = frozenset[frozenset[Right]]
"""Of each of these choices one role must be held. No choice at all: whoever is registered; an empty choice: nobody."""


def one_of(rights: frozenset[Right]) -> Demand:
    """One of these roles; nobody, when there is none."""
    return frozenset({rights})


def holder_of(role: str | None) -> Demand:
    """A holder of the role; without one, whoever is registered."""
    return frozenset() if role is None else one_of(frozenset({Right("role", role)}))


@dataclass(frozen=True, slots=True)
class Likeness:
    """The part may also be taken by whoever takes an earlier one, if he meets this demand."""

    part: int
    demand: Demand


@dataclass(frozen=True, slots=True)
class Part:
    """What one person does. Other parts of the route are meant by their places in it; only earlier ones are."""

    place: Path
    """The step, or the field, in the document."""
    demand: Demand
    signer: int = 0
    """Which of those who sign the step."""
    barred: frozenset[str] = frozenset()
    """Roles of which he holds none, wherever."""
    optional: bool = False
    """Somebody outside may do it, or the field be left empty."""
    likes: frozenset[Likeness] = frozenset()
    apart: frozenset[int] = frozenset()
    round: int = 0
    """Which of several that are alike in everything else."""
    also: tuple[Path, ...] = field(default=(), compare=False)
    """Steps that nobody but he performs, since they are by the field in which he stands."""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = (self.place, self.demand, self.signer, self.barred, self.optional, self.likes, self.apart, self.round)
        object.__setattr__(self, "_hash", hash(known))

    def __hash__(self) -> int:
        """Worked out once: a part is looked up with every step of every route that it is on."""
        return self._hash


_Known = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """The parts of a route so far, who stands in which field, and who has performed which step: by their places among the parts."""

    parts: tuple[Part, ...] = ()
    _fields: _Known = ()
    _performers: _Known = ()

    def standing_in(self, field_id: str) -> tuple[int, ...]:
        """Who stands in a field."""
        return dict(self._fields).get(field_id, ())

    def performers_of(self, step: str) -> tuple[int, ...]:
        """Who has performed a step."""
        return dict(self._performers).get(step, ())

    def with_standing(self, field_id: str, parts: tuple[int, ...]) -> Cast:
        """The same with these in the field, and nobody else."""
        return replace(self, _fields=_with(self._fields, field_id, parts))

    def with_performers(self, step: str, parts: tuple[int, ...]) -> Cast:
        """The same once these have performed the step, too."""
        return replace(self, _performers=_with(self._performers, step, tuple(sorted({*self.performers_of(step), *parts}))))

    def with_part(self, part: Part, *, anew: bool) -> tuple[Cast, int]:
        """The same with one more part, and its place. Unless `anew`, one that is alike in everything stands for it."""
        if part in self.parts:
            if not anew:
                return self, self.parts.index(part)
            return self.with_part(replace(part, round=part.round + 1), anew=True)
        return replace(self, parts=(*self.parts, part)), len(self.parts)

    def with_more(self, place: int, more: Part) -> Cast:
        """The same when whoever takes the part at this place does what `more` says, too."""
        part = self.parts[place]
        joined = replace(
            part,
            demand=part.demand | more.demand,
            barred=part.barred | more.barred,
            optional=False,
            apart=part.apart.union(other for other in more.apart if other <= place),
            also=part.also if more.place in (part.place, *part.also) else (*part.also, more.place),
        )
        later = {other for other in more.apart if other > place}
        parts = (replace(each, apart=each.apart | {place}) if index in later else each for index, each in enumerate(self.parts))
        return replace(self, parts=tuple(joined if index == place else each for index, each in enumerate(parts)))


def _with(known: _Known, name: str, parts: tuple[int, ...]) -> _Known:
    return tuple(sorted({**dict(known), name: parts}.items()))
