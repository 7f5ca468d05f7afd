"""Subjects – a device, a vehicle – and the cases of each."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from engine.representation.linked import SubjectObject, of_subject
from web.answer import Json
from web.api.parameters import Subject
from web.documentation import answers
from web.visitor import Visiting

router = APIRouter(prefix="/subjects", tags=["cases"])


@router.get("/{subject}", responses=answers(SubjectObject), response_model=None)
def read_subject(subject: Subject, visitor: Visiting) -> Response:
    """Every case of a subject that the caller sees, oldest first; none of one that nobody knows."""
    return Json(of_subject(subject, visitor.application.lineage.of_subject(subject, visitor.access)))
