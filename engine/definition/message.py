"""Who is told what: a line of `notify`, and the telling part of a rung, as written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from engine.definition.element import Element, Expression, Name
from engine.definition.value import CasesValue
from engine.definition.who import Everybody


class Notice(Element):
    """`{tell: WHO, template: T, when: EXPR, with: {…}}`."""

    tell: Everybody = ()
    """Roles, person fields, parties, `assignee`."""
    template: CasesValue | None = None
    when: Expression | None = None
    values: dict[Name, Expression] = Field(default={}, alias="with")
    """What the template may show besides the case: name → expression."""


TemplateText = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


class Wording(Element):
    """A template in one language."""

    subject: TemplateText
    body: TemplateText


class MessageTemplate(Element):
    """A template as a bundle keeps it, in both languages (`notifications.template`)."""

    zh: Wording
    en: Wording
