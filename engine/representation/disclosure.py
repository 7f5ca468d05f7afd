"""What was disclosed as an object for JSON: the outcome of the act, and the values in full."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.representation.case import FieldObject, of_fields
from engine.representation.history import EntryObject, of_entry
from engine.representation.outcome import OutcomeObject, of_outcome
from engine.runtime.disclosing import Disclosure


class DisclosureObject(TypedDict):
    """Personal values in full, and the entry of the history that says who has read them."""

    outcome: OutcomeObject
    fields: Annotated[dict[str, FieldObject], Field(description="By id.")]
    remarks: Annotated[list[EntryObject], Field(description="Oldest first; only where no field was named.")]


def of_disclosure(found: Disclosure) -> DisclosureObject:
    """Personal values in full."""
    return {
        "outcome": of_outcome(found.outcome),
        "fields": of_fields(found.fields, found.view.case.data, found.view.definition.kinds),
        "remarks": [of_entry(each) for each in found.remarks],
    }
