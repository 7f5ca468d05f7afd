"""Parameters that several paths have, each with its limits and an example."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

LONGEST = 200
"""Lines of a page at most."""
USUALLY = 50
_NAME = 200
"""Letters of a name or number at most."""

CaseNumber = Annotated[str, Path(max_length=_NAME, description="The number of the case.", examples=["WX26-000001"])]
WorkflowName = Annotated[str, Path(max_length=_NAME, description="The workflow, by id or title.", examples=["phone-repair"])]
PersonId = Annotated[str, Path(max_length=_NAME, description="The person or service, by id.", examples=["amy"])]
Subject = Annotated[str, Path(max_length=_NAME, description="What the cases are about.", examples=["001017000000011"])]
Step = Annotated[str, Path(max_length=_NAME, description="The step, by id or title.", examples=["take"])]

Limit = Annotated[int, Query(ge=1, le=LONGEST, description="Lines at most.")]
Cursor = Annotated[str | None, Query(max_length=_NAME, description="`next` of the page before; good as long as its last line is seen.")]
OfWorkflow = Annotated[str | None, Query(max_length=_NAME, description="Only of this workflow, by id or title.", examples=["phone-repair"])]
OfPerson = Annotated[str | None, Query(max_length=_NAME, description="Only those that this person holds, by id or name.", examples=["tom"])]
OfUnit = Annotated[str | None, Query(max_length=_NAME, description="Only of this very unit, by id or title.", examples=["phone-01"])]
Version = Annotated[int | None, Query(ge=1, le=999_999, description="This version; without it the newest.", examples=[1])]
