"""A first file for a new process: short, commented in both languages, and without a mistake; and scenarios that hold for it.

Fills two texts that lie beside this module with roles and a calendar that there are. Knows no folder.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from engine.definition.element import NAME
from engine.errors import Misuse, Unknown, did_you_mean
from engine.label import Label
from roles.actor import Role
from roles.registry import OWN, RoleRegistry

_TEXTS = Path(__file__).parent
_ID_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Cast:
    """Who appears in a new process: the organisation, the role that answers for it, and the one that does the work."""

    organisation: str
    owner: str
    worker: str


def cast(registry: RoleRegistry, owner: str | None, organisation: str | None) -> Cast:
    """The roles of a new process. Without an owner, the first role of the organisation under which another stands.

    Raises Unknown for a name that no role file declares.
    """
    inside = [role for role in registry.roles.values() if not role.external and role != OWN]
    if owner is not None:
        role = registry.role(owner)
        return Cast(role.organisation, role.id, _below(role, inside))
    organisations = tuple(dict.fromkeys(role.organisation for role in inside))
    chosen = organisation if organisation is not None else organisations[0]
    if chosen not in organisations:
        sentence = Label("没有组织“{name}”。", "There is no organisation “{name}”.").fill(name=chosen)
        raise Unknown(sentence, did_you_mean(chosen, organisations))
    own = [role for role in inside if role.organisation == chosen]
    role = next((role for role in own if _below(role, own) != role.id), own[0])
    return Cast(chosen, role.id, _below(role, own))


def fill(workflow: str, title: Label, roles: Cast, calendar: str, number: str, file: str) -> Mapping[str, str]:
    """The texts of a new process by the endings of their files: `.yaml` and `.scenarios.yaml`."""
    given = {
        "workflow": workflow,
        "zh": _quoted(title.zh),
        "en": _quoted(title.en),
        "owner": roles.owner,
        "worker": roles.worker,
        "organisation": roles.organisation,
        "calendar": calendar,
        "number": number,
        "file": file,
    }
    return {
        ending: Template((_TEXTS / name).read_text(encoding="utf-8")).substitute(given)
        for ending, name in ((".yaml", "workflow.yaml"), (".scenarios.yaml", "scenarios.yaml"))
    }


def require_id(workflow: str) -> str:
    """The id of a new process. Raises Misuse for what cannot be one."""
    if len(workflow) <= _ID_LIMIT and re.fullmatch(NAME, workflow):
        return workflow
    raise Misuse(
        Label(
            "流程标识应为小写英文、数字和连字符，实际为“{name}”。", "Expected an id of small letters, digits and hyphens, found “{name}”."
        ).fill(name=workflow),
        Label("例如 return-visit。", "For example return-visit."),
    )


def pick_number(workflow: str, taken: Collection[str]) -> str:
    """A number pattern after the initials of an id that no other process has.

    >>> pick_number("return-visit", {"RV{yy}-{seq:05}"})
    'RV2-{yy}-{seq:05}'
    """
    initials = "".join(part[0] for part in workflow.split("-")).upper()
    candidates = (f"{initials}{suffix}{{yy}}-{{seq:05}}" for suffix in ("", *(f"{index}-" for index in range(2, 1000))))
    return next(each for each in candidates if each not in taken)


def _below(role: Role, roles: Iterable[Role]) -> str:
    """The first role that reports to it; itself where there is none."""
    return next((each.id for each in roles if each.reports_to == role.id), role.id)


def _quoted(text: str) -> str:
    """A label as it is safely written in a flow mapping."""
    if re.fullmatch(r"[\w\u4e00-\u9fff][\w\u4e00-\u9fff /()（）-]*", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
