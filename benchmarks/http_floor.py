"""The floor over HTTP: the same framework with as little around it as a careful programmer leaves, doing the floor's hand-written SQL.

It knows who is calling by the same lookup of the same tokens, validates the body by a model, and answers number and state. No limits,
no log, no figures, no problem details.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock, local
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from benchmarks.floor import NEXT, PostgresFloor, SqliteFloor, written

_TOKEN = "SELECT hash, holder, expires_at, revoked_at FROM tokens WHERE id = {p}"
_bearer = HTTPBearer()


class Step(BaseModel):
    """A step with its form."""

    data: dict[str, Any] = {}


def build(url: str, digest: str) -> FastAPI:
    """The application on a database: one connection a thread; on SQLite those that write take turns."""
    is_sqlite = url.startswith("sqlite")
    mark, kept, turn = "?" if is_sqlite else "%s", local(), Lock()

    def floor() -> SqliteFloor | PostgresFloor:
        if not hasattr(kept, "floor"):
            kept.floor = SqliteFloor(url.removeprefix("sqlite:///"), digest) if is_sqlite else PostgresFloor(url, digest)
        found: SqliteFloor | PostgresFloor = kept.floor
        return found

    def caller(credentials: Annotated[HTTPAuthorizationCredentials, Security(_bearer)]) -> None:
        id, _, secret = credentials.credentials.removeprefix("aftercare_").partition("_")
        row = floor().ask(_TOKEN.format(p=mark), id)
        if (
            row is None
            or not hmac.compare_digest(row[0], sha256(secret.encode()).hexdigest())
            or row[2] <= written(datetime.now(UTC))
            or row[3]
        ):
            raise HTTPException(401)

    app = FastAPI()

    @app.post("/api/v1/cases/{number}/transitions/{transition}", dependencies=[Depends(caller)])
    def perform(number: str, transition: str, step: Step) -> dict[str, object]:
        mine = floor()
        if is_sqlite:
            with turn:
                mine.fire(number, transition, step.data["minutes"])
        else:
            mine.fire(number, transition, step.data["minutes"])
        return {"number": number, "state": NEXT[transition][1]}

    return app
