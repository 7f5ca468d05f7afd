"""Who is calling: the one place in which a request becomes a caller. Every path of the API asks for a `Visitor` and gets to nothing else.

A person is named by the header `Aftercare-Person`, and only if the token may act for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from engine.app import Application
from engine.errors import Forbidden
from engine.label import Label
from engine.runtime.access import Access
from engine.runtime.caller import Caller
from engine.runtime.tokens import Admitted, unauthenticated

PERSON = "Aftercare-Person"

_bearer = HTTPBearer(auto_error=False, description="A token that “aftercare tokens make” has made.")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody whose token is good, how far he sees, and the application that serves him."""

    application: Application
    admitted: Admitted
    access: Access

    @property
    def caller(self) -> Caller:
        """As whom his wishes are recorded."""
        return self.admitted.caller

    @property
    def person(self) -> str:
        """As whom he acts: a person or a service, by id."""
        return self.admitted.caller.person or self.admitted.token.holder

    def require_administrator(self) -> None:
        """Raises Forbidden unless he looks after the whole installation."""
        if not self.access.administers(None):
            raise Forbidden(
                Label("需要“系统管理员”角色。", "This takes the role “Administrator”."),
                Label("用“aftercare people assign”授予。", "“aftercare people assign” gives it."),
            )


def application_of(request: Request) -> Application:
    """The application that this server serves."""
    found: Application = request.app.state.application
    return found


def visitor_of(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None,
    acting_for: Annotated[
        str | None, Header(alias=PERSON, description="The person to act for, by id, where the token may act for people.", examples=["amy"])
    ] = None,
) -> Visitor:
    """Who is calling. Raises Unauthenticated, Forbidden."""
    if credentials is None:
        raise unauthenticated()
    application = application_of(request)
    admitted = application.tokens.admit(credentials.credentials, acting_for)
    request.state.principal = admitted.caller.provenance.principal
    return Visitor(application, admitted, admitted.access)


Visiting = Annotated[Visitor, Depends(visitor_of)]
"""What a path asks for."""
