"""Wishes over HTTP: what each may say beside its body – the revision it was made on, its key, whether it is only tried – and its answer.

The answer is the outcome, canonical, the same bytes whenever the same wish comes again under its key (DESIGN law 15). Decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.responses import Response

from engine.app import Application
from engine.core.command import Command, OpenCase, Wish
from engine.core.decision import Refused
from engine.errors import Misuse
from engine.label import Label
from engine.representation.outcome import OutcomeObject, of_outcome
from engine.representation.trial import TrialObject, of_trial
from engine.runtime.answer import Granted
from engine.runtime.caller import Key
from engine.runtime.reading import CaseView
from web.answer import Json
from web.documentation import Answers, Links, answers
from web.etag import TAG, etag, revision_in
from web.problem import of_refusal
from web.route import API
from web.visitor import Visiting, Visitor

IF_MATCH = "If-Match"
KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
ALARMS = "Aftercare-Alarms"

_PROBLEMS = (404, 409, 413, 415, 422)
_READING = ("read_case", "read_history", "read_clocks", "list_messages_of_case", "list_options")
_WISHES = ("perform_step", "correct_case", "comment_on_case", "assign_case", "undo_step", "withdraw_signature", "disclose_values")
_ON: Links = {each: {"number": "/number"} for each in (*_READING, *_WISHES)}
GRANTED = answers(OutcomeObject | TrialObject, *_PROBLEMS, 412, links=_ON)
GRANTED_AT_ANY_REVISION = answers(OutcomeObject | TrialObject, *_PROBLEMS, links=_ON)
_TRIED: Answers = {200: {"model": TrialObject, "description": "What a dry run would do."}}
OPENED = {**answers(OutcomeObject, *_PROBLEMS, status=201, links=_ON), **_TRIED}
"""What the paths of wishes document as their answers."""


@dataclass(frozen=True, slots=True)
class Wishing:
    """Somebody who wishes something, and how."""

    visitor: Visitor
    request: Request
    key: Key | None
    """None for a dry run too: it does nothing that could be done twice."""
    dry_run: bool

    @property
    def application(self) -> Application:
        """Which serves him."""
        return self.visitor.application

    @property
    def expect(self) -> int | None:
        """The revision that the case must still have. Raises Misuse for what is no tag of a case."""
        return revision_in(", ".join(self.request.headers.getlist(IF_MATCH)) if IF_MATCH in self.request.headers else None)

    def open(self, workflow: str, command: OpenCase, reference: str | None) -> Response:
        """Open a case; the answer."""
        cases = self.application.cases
        answer = cases.open(workflow, command, self.visitor.caller, key=self.key, reference=reference, dry_run=self.dry_run)
        if isinstance(answer, Refused):
            definition = self.application.catalog.newest(workflow)
            who = self.application.standing.who_else(definition, None, command, answer, self.visitor.access)
            return of_refusal(self.request, answer, who, None)
        return self._granted(answer, None, is_new=True)

    def handle(self, number: str, command: Wish) -> Response:
        """Wish something of a case; the answer."""
        before = self._view(number) if self.dry_run else None
        answer = self.application.cases.handle(number, command, self.visitor.caller, key=self.key, dry_run=self.dry_run)
        return self._refused(number, command, answer) if isinstance(answer, Refused) else self._granted(answer, before)

    def _refused(self, number: str, command: Command, refused: Refused) -> Response:
        view = self._view(number)
        who = self.application.standing.who_else(view.definition, view.case, command, refused, self.visitor.access)
        return of_refusal(self.request, refused, who, view.case.revision)

    def _granted(self, granted: Granted, before: CaseView | None, *, is_new: bool = False) -> Response:
        outcome = granted.outcome
        if self.dry_run:
            assert granted.case is not None
            views, access = self.application.views, self.visitor.access
            changes = views.changes(before.case if before is not None else None, granted.case, access)
            return Json(of_trial(granted, views.of(granted.case, access), changes))
        headers = {"ETag": etag(outcome.revision)}
        if is_new:
            headers["Location"] = f"{API}/cases/{outcome.number}"
        if granted.repeated:
            headers[REPLAYED] = "true"
        if granted.alarms:
            headers[ALARMS] = str(len(granted.alarms))
        return Json(of_outcome(outcome), 201 if is_new else 200, headers)

    def _view(self, number: str) -> CaseView:
        return self.application.views.case(number, self.visitor.access)


_Key = Annotated[
    str | None,
    Header(
        alias=KEY,
        pattern="^[ -~]{1,200}$",
        description="The same key with the same request is done once and answered with the first outcome for 30 days.",
    ),
]
_Revision = Annotated[
    str | None,
    Header(
        alias=IF_MATCH,
        description="The `ETag` of the case as it was read; at another revision the wish is refused.",
        examples=['"2"'],
        json_schema_extra={"format": "etag", "pattern": TAG},  # held to it by `revision_in`, which says better what is wrong
    ),
]
_DryRun = Annotated[bool, Query(description="Only try it: answer what would happen and change nothing.")]


async def wishing(visitor: Visiting, request: Request, key: _Key = None, _revision: _Revision = None, dry_run: _DryRun = False) -> Wishing:
    """How somebody wishes something."""
    return Wishing(visitor, request, visitor.admitted.key(key) if not dry_run else None, dry_run)


async def wishing_at_any_revision(visitor: Visiting, request: Request, key: _Key = None, dry_run: _DryRun = False) -> Wishing:
    """How somebody wishes what depends on no revision. Raises Misuse where one is named: it must not seem to be held to it."""
    wished = await wishing(visitor, request, key, None, dry_run)
    if wished.expect is not None:
        raise Misuse(
            Label("这个请求不受修订号约束，不能带 If-Match。", "This wish does not depend on the revision and takes no “If-Match”."),
            Label("请去掉 If-Match。", "Leave “If-Match” out."),
        )
    return wished


Wished = Annotated[Wishing, Depends(wishing)]
"""What a path asks for that a wish comes in by."""
WishedAtAnyRevision = Annotated[Wishing, Depends(wishing_at_any_revision)]
"""The same, of a wish that no revision stands against."""
