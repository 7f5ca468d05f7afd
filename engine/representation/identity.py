"""Who is calling, as an object for JSON: the token, as whom it acts, and how far that reaches."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from engine.core.codec import encode_instant
from engine.representation.scalar import Instant, Person, Unit
from engine.representation.staff import GrantObject, RoleId, of_grants
from engine.runtime.access import Access
from engine.runtime.tokens import Admitted
from roles.actor import ActorKind
from roles.policy import units_seen


class ScopeObject(TypedDict):
    """What a token leaves of what its holder may do."""

    roles: Annotated[list[RoleId] | None, Field(description="Null: all.")]
    units: Annotated[list[Unit] | None, Field(description="Null: all; a unit stands for those below it too.")]


class IdentityObject(TypedDict):
    """Who is calling."""

    token: Annotated[str, Field(description="Which token, by id.", examples=["4f1c2a9b"])]
    title: Annotated[str, Field(description="What the token is for.")]
    expires_at: Instant
    holder: Annotated[Person, Field(description="Whose token it is.")]
    for_people: Annotated[bool, Field(description="Whether it may act for people whom `Aftercare-Person` names.")]
    scope: ScopeObject
    acting_as: Annotated[Person, Field(description="Who is recorded as the one who acts.")]
    kind: Annotated[ActorKind, Field(description="What that is; an `integration` is a service.")]
    holds: Annotated[list[GrantObject], Field(description="What it holds now, within the scope.")]
    units_seen: Annotated[list[Unit], Field(description="The units whose cases it sees.")]
    administrator: Annotated[bool, Field(description="Whether it looks after the whole installation.")]


def of_identity(admitted: Admitted, access: Access) -> IdentityObject:
    """Who is calling. The access must be that of somebody."""
    token, actor = admitted.token, access.actor
    assert actor is not None
    scope = token.scope
    return {
        "token": token.id,
        "title": token.title,
        "expires_at": encode_instant(token.expires_at),
        "holder": token.holder,
        "for_people": token.for_people,
        "scope": {
            "roles": sorted(scope.roles) if scope.roles is not None else None,
            "units": sorted(scope.units) if scope.units is not None else None,
        },
        "acting_as": actor.id,
        "kind": actor.kind,
        "holds": of_grants(actor.grants),
        "units_seen": sorted(units_seen(actor, access.lineages)),
        "administrator": access.administers(None),
    }
