"""Bipartite matching that grows: groups of tasks on the one side, persons on the other, each with at most one of the other side.

Persons are the bits of a mask. A group whose mask shrinks, or a new one, is given a person by an augmenting path, if there is one.
"""

from __future__ import annotations

from collections.abc import Iterator


class Matching:
    """Which person stands for which group. Whoever wants to go back keeps a copy."""

    def __init__(self) -> None:
        self.masks: list[int] = []
        """group → whom it admits."""
        self.person_of: list[int] = []
        """group → its person, a mask of one bit."""
        self._group_of: dict[int, int] = {}

    def copy(self) -> Matching:
        """The same, to be changed on its own."""
        made = Matching()
        made.masks, made.person_of, made._group_of = self.masks.copy(), self.person_of.copy(), self._group_of.copy()
        return made

    def add(self, mask: int) -> bool:
        """A new group; False, and of no further use, when no persons can be found for all."""
        self.masks.append(mask)
        self.person_of.append(0)
        return self._augment(len(self.masks) - 1, [0])

    def narrow(self, group: int, mask: int) -> bool:
        """The group admits these only; False, and of no further use, when no persons can be found for all."""
        self.masks[group] = mask
        person = self.person_of[group]
        if person & mask:
            return True
        del self._group_of[person]
        self.person_of[group] = 0
        return self._augment(group, [0])

    def _augment(self, group: int, tried: list[int]) -> bool:
        """Find a person for the group, others giving way; `tried` holds the persons that were asked, as one mask."""
        free = self.masks[group] & ~tried[0]
        for person in _bits(free):
            if not person & tried[0]:
                tried[0] |= person
                holder = self._group_of.get(person)
                if holder is None or self._augment(holder, tried):
                    self.person_of[group] = person
                    self._group_of[person] = group
                    return True
        return False


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest
