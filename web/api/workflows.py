"""Workflows: which there are, what each asks for, its text and its picture. Everybody with a token may read them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response

from engine.authoring.diagram.drawing import draw
from engine.authoring.diagram.svg import svg
from engine.label import Language
from engine.representation.workflow import WorkflowObject, WorkflowsObject, of_workflow, of_workflows
from web.answer import UNKEPT, Json
from web.api.parameters import Version, WorkflowName
from web.documentation import Links, answers
from web.problem import language_of
from web.visitor import Visiting

router = APIRouter(prefix="/workflows", tags=["workflows"])


class Svg(PlainTextResponse):
    """A picture."""

    media_type = "image/svg+xml"


_OF_WORKFLOW: Links = {
    each: {"workflow": "/workflows/0/workflow"} for each in ("read_workflow", "read_workflow_text", "read_workflow_diagram")
}


@router.get("", responses=answers(WorkflowsObject, links=_OF_WORKFLOW), response_model=None)
def list_workflows(visitor: Visiting) -> Response:
    """The newest version of every published workflow, with its starts and states."""
    return Json(of_workflows(visitor.application.catalog.all_newest()))


@router.get("/{workflow}", responses=answers(WorkflowObject, 404), response_model=None)
def read_workflow(workflow: WorkflowName, visitor: Visiting, version: Version = None) -> Response:
    """One version, whole: fields with their limits, starts, states and steps. A case goes by the version that it names."""
    return Json(of_workflow(visitor.application.catalog.version(workflow, version)))


@router.get("/{workflow}/text", responses=answers(None, 404), response_class=PlainTextResponse)
def read_workflow_text(workflow: WorkflowName, visitor: Visiting, version: Version = None) -> Response:
    """The definition as it was published: YAML."""
    return PlainTextResponse(visitor.application.catalog.text_of(workflow, version), headers=UNKEPT)


@router.get("/{workflow}/diagram.svg", responses=answers(None, 404), response_class=Svg)
def read_workflow_diagram(
    workflow: WorkflowName,
    visitor: Visiting,
    request: Request,
    version: Version = None,
    lang: Annotated[Language | None, Query(description="Its language; without it that of `Accept-Language`.")] = None,
) -> Response:
    """The process as a picture."""
    drawing = draw(visitor.application.catalog.version(workflow, version))
    return Svg(svg(drawing, lang or language_of(request)), headers=UNKEPT)
