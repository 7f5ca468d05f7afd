"""Definitions: checked as they stand in a request, and published. What is checked here lies on nobody's disk.

Publishing takes no `Idempotency-Key`: a text that is published already is answered as unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from typing_extensions import TypedDict

from engine.authoring.submission import NAME
from engine.errors import Forbidden, Misuse
from engine.label import Label, listed, verbatim
from engine.representation.checked import CheckedAllObject, CheckedObject, DiagnosticObject
from engine.representation.scalar import Workflow
from engine.runtime.publishing import Publication, publish
from roles.roster import Roster
from roles.staff import Staff
from web.answer import Json
from web.checking import Order, judged
from web.documentation import answers
from web.limits import TEXT, TEXTS
from web.problem import UNSOUND, problem
from web.strict import Body, shown
from web.visitor import Visiting, Visitor

router = APIRouter(prefix="/definitions", tags=["definitions"])

_NOBODY = Roster(Staff("", (), (), ()))


class Text(Body):
    """A file as it is written, of a process or – under `shared/` – of parts that processes include."""

    name: Annotated[str, Field(description="What diagnostics call it.", pattern=NAME, examples=["phone-callback.yaml"])]
    text: Annotated[str, Field(description="YAML.", max_length=TEXT)]


_SURVEY = """\
workflow: phone-survey
version: 1
title: {zh: 满意度回访, en: Survey}
owner: phone-supervisor
organisation: phone
number: "HF{yy}-{seq:06}"
fields:
  matter: {type: text, title: {zh: 事由, en: Matter}}
start:
  note: {title: {zh: 登记, en: Note down}, by: phone-front-desk, asks: matter, to: waiting}
states:
  waiting:
    title: {zh: 待回访, en: Waiting}
    transitions:
      call: {title: {zh: 回访, en: Call}, by: phone-front-desk, shows: matter, to: done}
  done: {title: {zh: 已办结, en: Done}, final: success}
"""


class Texts(Body):
    """Files that belong together."""

    model_config = shown({"files": [{"name": "phone-survey.yaml", "text": _SURVEY}]})

    files: Annotated[list[Text], Field(min_length=1, max_length=TEXTS)]


class PublicationObject(TypedDict):
    """What became of one definition."""

    workflow: Workflow
    version: int
    digest: str
    status: Annotated[str, Field(description="`published`, or `unchanged`: it was published before as it is.", examples=["published"])]


class PublishedObject(TypedDict):
    """What became of each, and what there is to think about."""

    published: list[PublicationObject]
    diagnostics: Annotated[list[DiagnosticObject], Field(description="Warnings.")]


@router.post("/check", responses=answers(CheckedAllObject, 413, 415), response_model=None)
def check_definitions(texts: Texts, visitor: Visiting, request: Request) -> Response:
    """Check definitions: all mistakes at once, each with its place. They may name what is shipped or published here."""
    return Json(request.app.state.checker.check(_order(texts, visitor)))


@router.post("", responses=answers(PublishedObject, 409, 413, 415, 422), response_model=None)
def publish_definitions(texts: Texts, visitor: Visiting, request: Request) -> Response:
    """Publish definitions, all of them or none. For administrators, and for whoever holds the role of their owner everywhere."""
    order = _order(texts, visitor)
    told = request.app.state.checker.check(order)
    if any(each["severity"] == "error" for each in told["diagnostics"]):
        return problem(request, UNSOUND.code, 422, UNSOUND.sentence, UNSOUND.way_out, diagnostics=told["diagnostics"])
    _require_owner(told["checked"], visitor)
    checked = judged(order).library.checked  # only owners make the server itself do what took its time elsewhere
    application = visitor.application
    done = publish(application.database, checked, visitor.caller.provenance.principal, application.time.now())
    return Json({"published": [_publication(each) for each in done], "diagnostics": told["diagnostics"]})


def _order(texts: Texts, visitor: Visitor) -> Order:
    named = {each.name: each.text for each in texts.files}
    if len(named) < len(texts.files):
        raise Misuse(Label("两个文件同名。", "Two files have one name."))
    application = visitor.application
    published = {each.workflow: application.catalog.text_of(each.workflow) for each in application.catalog.all_newest()}
    settings = application.settings
    # What people cannot finish is told with their names.
    roster = application.directory.roster() if visitor.access.tells_of_everybody else _NOBODY
    return Order(named, published, settings.role_path(), settings.definition_path(), roster, application.time.now())


def _require_owner(checked: Iterable[CheckedObject], visitor: Visitor) -> None:
    """Raises Forbidden unless he may publish all of these: by the owner that each names, and by the one that it has had until now."""
    if visitor.access.administers(None):
        return
    actor, owners = visitor.access.actor, visitor.application.catalog.owners()
    held = {grant.role for grant in actor.grants if grant.unit is None} if actor is not None else set()
    others = [each["workflow"] for each in checked if not {each["owner"], owners.get(each["workflow"], each["owner"])} <= held]
    if others:
        raise Forbidden(
            Label("无权发布：{names}。", "You may not publish {names}.").fill(names=listed(map(verbatim, others))),
            Label("须由流程负责人或系统管理员发布。", "This takes the owner of the process, or an administrator."),
        )


def _publication(each: Publication) -> PublicationObject:
    return {"workflow": each.workflow, "version": each.version, "digest": each.digest, "status": each.status}
