"""The written procedures as a list of clauses (`procedures/NAME.yaml`): what `source` and `left_out` of a document may name, as written.

Shape only: whether an approval is a step, or a form belongs to a procedure that exists, is found when the files are put together
(`authoring.procedures`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Limit
from pydantic import StringConstraints

from engine.definition.element import Bilingual, Element, Name, Names

RULE = r"^[^\s/]{1,64}$"

RuleName = Annotated[str, StringConstraints(pattern=RULE)]
"""The id of a rule: laws are called as people call them, `CON3`, `消法-25`."""


class Procedure(Element):
    """One entry of `flows:`: what one procedure demands."""

    title: Bilingual
    steps: dict[Name, Bilingual] = Limit(min_length=1)
    approvals: Names = ()
    """Those of its steps by which somebody approves what another did."""
    records: dict[Name, Bilingual] = {}
    """What is to be written down."""
    reminders: dict[Name, Bilingual] = {}


class Paper(Element):
    """One entry of `forms:`: a sheet that is filled in, a register that is kept, or a report that is handed in."""

    kind: Literal["form", "register", "report"]
    title: Bilingual
    used_in: Names = ()
    """The procedures that demand it."""


class Rule(Element):
    """One entry of `rules:`: what holds wherever it applies, whichever step it is."""

    title: Bilingual
    applies_to: Names = ()


class ProcedureFile(Element):
    """The procedures of one department."""

    procedures: Name
    title: Bilingual
    positions: dict[Name, Bilingual] = {}
    """What the `source` of a role names."""
    flows: dict[Name, Procedure] = {}
    forms: dict[Name, Paper] = {}
    rules: dict[RuleName, Rule] = {}
