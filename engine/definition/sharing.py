"""What documents share, as written: parts that several include, and what makes a document a variant of another.

Rendering (`authoring.rendering`) takes all of it away before a document is looked at as a whole: a bundle knows none of it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints
from pydantic import Field as Limit

from engine.definition.clock import Rung
from engine.definition.element import Bilingual, Element, Name, Words
from engine.definition.field import Field
from engine.definition.workflow import Party, Workflow

_FOLDER = "[a-z0-9][a-z0-9_-]*"
PART = rf"^({_FOLDER}/)*shared/{_FOLDER}$"

PartName = Annotated[str, StringConstraints(pattern=PART, max_length=100)]
"""Where a file of shared parts lies, without `.yaml`: `shared/vehicle-customer`. Never absolute, never upwards."""

Choices = Annotated[dict[Name, Bilingual], Limit(min_length=1, max_length=200)]
"""id → label, in the order shown."""


class PartFile(Element):
    """A file of shared parts: what documents that include it take over. It includes nothing itself."""

    parties: dict[Name, Party] = {}
    fields: dict[Name, Field] = Limit(default={}, max_length=200)
    choices: dict[Name, Choices] = {}
    ladders: dict[Name, tuple[Rung, ...]] = {}


class ScenarioLeftOut(Element):
    """One entry of `except_scenarios:`: scenarios of the base that do not hold for the variant, and why."""

    scenario: Annotated[Words, Limit(min_length=1)]
    """The name of one, or several names, in either language."""
    why: Bilingual


class WorkflowFile(Workflow):
    """A process document as a file holds it: a whole document, once what it shares is rendered."""

    extends: Name | None = None
    """The workflow of which this is a variant."""
    include: Annotated[tuple[PartName, ...], BeforeValidator(lambda raw: [raw] if isinstance(raw, str) else raw)] = ()
    """Files of shared parts."""
    choices: dict[Name, Choices] = {}
    """Choices that several fields share, by name."""
    except_scenarios: tuple[ScenarioLeftOut, ...] = ()
    """Scenarios of the base that do not hold here."""

    def workflow_itself(self) -> Workflow:
        """The document without what it shares."""
        return Workflow.model_construct(_fields_set=self.model_fields_set, **{name: getattr(self, name) for name in Workflow.model_fields})
