"""Who is meant: one word, or a role in whatever unit it is held, as written in `by` and `tell`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from engine.definition.element import Element, Name


class RoleAnywhere(Element):
    """`{role: R, in: any}`: a role that counts whatever unit it is held in."""

    role: Name
    inside: Literal["any"] = Field(alias="in")


Who = Annotated[
    Annotated[str, Tag("word")] | Annotated[RoleAnywhere, Tag("role")],
    Discriminator(lambda raw: "role" if isinstance(raw, dict | RoleAnywhere) else "word"),
]


def _one_or_many(raw: Any) -> Any:
    return raw if isinstance(raw, list | tuple) else [raw]


Everybody = Annotated[tuple[Who, ...], BeforeValidator(_one_or_many)]
"""One of these or a list of them."""


def word_of(who: Who) -> str:
    """The word itself, or the role."""
    return who if isinstance(who, str) else who.role
