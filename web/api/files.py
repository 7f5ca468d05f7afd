"""Files: kept first, then named by a wish; and fetched again from the field that holds them.

Keeping one takes no `Idempotency-Key`: the same content is kept once.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import Field
from typing_extensions import TypedDict

from engine.core.kind import Attachment
from engine.errors import Misuse, Unknown
from engine.label import Label, listed, verbatim
from engine.runtime.attachment import arrived, fetch, held, store
from web.answer import Json
from web.api.parameters import CaseNumber
from web.documentation import Answers, answers
from web.visitor import Visiting

router = APIRouter(tags=["files"])

_BINARY = {"schema": {"type": "string", "format": "binary", "minLength": 1}}
_CONTENT: Answers = {200: {"description": "The content.", "content": {"*/*": _BINARY}}}  # of the kind that it is


class KeptObject(TypedDict):
    """A file that is kept: `{"id": …, "name": …}` in a form names it."""

    id: Annotated[str, Field(description="The SHA-256 of its bytes.", pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Field(description="In bytes.")]
    media: Annotated[str, Field(description="What it is by its bytes, whatever it was sent as.", examples=["image/jpeg"])]


@router.post(
    "/files",
    status_code=201,
    responses=answers(KeptObject, 413, status=201),
    response_model=None,
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}},
)
async def keep_file(request: Request, visitor: Visiting) -> Response:
    """Keep a file, sent as the body. What a field takes – how large, of which kind – is checked by the wish that names it."""
    if request.headers.get("content-type", "").lower().startswith("multipart/"):  # its envelope would be kept for the file
        raise Misuse(
            Label("正文应为文件本身，实际为表单（multipart）。", "Expected the file itself as the body, found a form (multipart)."),
            Label("用 curl 时写 --data-binary @文件，不写 -F。", "With curl it is --data-binary @FILE, not -F."),
        )
    content = await request.body()
    if not content:
        raise Misuse(Label("文件是空的。", "The file is empty."))
    application = visitor.application
    kept = await run_in_threadpool(lambda: store(application.database, arrived(content, ""), application.time.now()))
    return Json({"id": kept.id, "size": kept.size, "media": kept.media}, 201)


@router.get("/cases/{number}/files/{field}", responses={**answers(None, 404), **_CONTENT}, response_class=Response)
def fetch_file(
    number: CaseNumber,
    field: Annotated[str, Path(max_length=200, description="The field, by id.", examples=["photos"])],
    visitor: Visiting,
    id: Annotated[str | None, Query(description="Which of several, by the id that the case tells.", pattern="^[0-9a-f]{64}$")] = None,
) -> Response:
    """The content of a file that a case holds. A masked field keeps its files."""
    application = visitor.application
    found = _one(held(application.views.case(number, visitor.access), field), id)
    headers = {
        "Content-Type": found.media,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(fetch(application.database, found), headers=headers)


def _one(attachments: tuple[Attachment, ...], id: str | None) -> Attachment:
    if id is None and len(attachments) > 1:
        ids = listed(verbatim(f"{each.id} ({each.name})") for each in attachments)
        raise Misuse(
            Label("此字段有 {n} 个附件，须用 id 指明一个。", "This field holds {n} files: name one by “id”.").fill(n=len(attachments)),
            Label("可用：{ids}。", "There are: {ids}.").fill(ids=ids),
        )
    found = next((each for each in attachments if id in (None, each.id)), None)
    if found is None:
        raise Unknown(Label("此字段没有这个附件。", "This field holds no such file."))
    return found
