"""A scenario file: stories that a process must tell, step by step, with what is expected of each, as written.

Shape only: whether the steps, fields and persons exist is found when the file is read beside its process (`authoring.scenario`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, StringConstraints, Tag
from pydantic import Field as Limit

from engine.definition.clock import PeriodText
from engine.definition.element import Bilingual, Element, Flag, Name, Names
from engine.definition.outside import EventName

INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$"

Instant = Annotated[str, StringConstraints(pattern=INSTANT)]
"""A date and a time in the zone of the process: `2026-09-28 09:00`; the end of a day is `24:00` of it."""

Typed = Any
"""What a person would type into a form: text, a list of texts, rows."""

RefusalCode = Literal[
    "not_available", "not_authorised", "separation_of_duties", "data_invalid", "guard_unmet", "no_single_choice", "duplicate",
    "approval_repeated", "child_refused", "child_open", "not_undoable", "not_assignable", "unmatched", "ambiguous",
]  # fmt: skip


def _one_or_many(raw: Any) -> Any:
    return raw if isinstance(raw, list | tuple) else [raw]


def _told(raw: Any) -> Any:
    return dict.fromkeys(raw, ()) if isinstance(raw, list | tuple) else {raw: ()} if isinstance(raw, str) else raw


class RoleHeld(Element):
    """`{role: phone-repair-tester, unit: shop-2}`: a role in a unit of its own."""

    role: Name
    unit: Name


RolesHeld = Annotated[
    tuple[
        Annotated[
            Annotated[Name, Tag("word")] | Annotated[RoleHeld, Tag("held")],
            Discriminator(lambda raw: "held" if isinstance(raw, dict | RoleHeld) else "word"),
        ],
        ...,
    ],
    BeforeValidator(_one_or_many),
]
"""What a person holds: roles in the one unit of the story, or each in a unit of its own."""


Count = Annotated[int, Limit(ge=0)]


def _signed_kind(raw: Any) -> str:
    return "steps" if isinstance(raw, dict) else "one"


Signed = Annotated[Annotated[dict[Name, Count], Tag("steps")] | Annotated[Count, Tag("one")], Discriminator(_signed_kind)]
"""step → how many have signed it; one number alone is that of the step just signed."""


class Expectation(Element):
    """What must be so after a step; whatever is not named may be as it likes."""

    state: Name | None = None
    outcome: Literal["success", "failure", "abandoned", "none"] | None = None
    assignee: Name | None = None
    """A person, or `nobody`."""
    unit: Name | None = None
    fields: dict[Name, Typed] = {}
    """field → its value as it would be typed; `empty` for none."""
    told: Annotated[dict[Name, Names], BeforeValidator(_told)] | None = None
    """Exactly who was told during the step, and by which templates; written as a list, whatever the templates were."""
    due: dict[Name, str] = {}
    """clock → the instant it is due, or `none`."""
    running: Names | None = None
    """Exactly the clocks that run."""
    paused: Names | None = None
    """Exactly the clocks that are paused."""
    approvals: Signed = {}
    opened: dict[Name, Count] = {}
    """alias → how many cases it has, open or ended."""
    children: dict[Name, Name] = {}
    """alias → the state of its newest case."""
    parent: Name | None = None
    """In a step of a child: the state of its parent afterwards."""
    incidents: Annotated[tuple[str, ...], BeforeValidator(_one_or_many)] | None = None
    """Exactly the kinds of incidents that the step opened."""
    emitted: Annotated[tuple[EventName, ...], BeforeValidator(_one_or_many)] | None = None
    """Exactly the events that were given out during the step."""


class Moment(Element):
    """What every step of a scenario may carry: what is expected, or why it is refused."""

    expect: Expectation = Expectation()
    refused: Annotated[tuple[RefusalCode, ...], BeforeValidator(_one_or_many)] = ()
    """Exactly the codes of the refusal; nothing is expected to change then."""
    because: Annotated[tuple[str, ...], BeforeValidator(_one_or_many)] = ()
    """Words that the reasons must contain: of a sentence in either language, or a field."""
    child: Name | None = None
    """An alias: the step is one of the newest child under it."""


class Do(Moment):
    """`{do: finish, by: tom, with: {work_done: 换尾插}}`: somebody performs a start or a transition, or signs it."""

    do: Name
    by: Name
    """A person of the story, a party, `integration` or `parent`."""
    values: dict[Name, Typed] = Limit(default={}, alias="with")
    """field → what is typed."""
    reason: str | None = None
    unit: Name | None = None
    """In a start: where the case belongs."""
    sampled: Flag | None = None
    """What `sampled(n)` says during the step; otherwise chance decides, the same at every run."""


class Happens(Moment):
    """`{event: waybill.signed, with: {waybill: SF0001}}`: another program says so, and the step that this means is performed."""

    event: EventName
    payload: dict[str, Typed] = Limit(default={}, alias="with")
    """The message: key → value, or a mapping of further keys."""


class Undo(Moment):
    """`{undo: finish, by: tom, reason: 点错}`: the newest step, which must be this one, is taken back."""

    undo: Name
    by: Name
    reason: str


class Withdraw(Moment):
    """`{withdraw: confirm, by: sue}`: a signature is taken back."""

    withdraw: Name
    by: Name


class Assign(Moment):
    """`{assign: tom, by: max}`: the case is given by hand; `nobody` puts it down."""

    assign: Name
    by: Name
    reason: str | None = None


class Correct(Moment):
    """`{correct: {model: X2}, by: max, reason: 录入有误}`: values are mended."""

    correct: dict[Name, Typed]
    by: Name
    reason: str


class Wait(Moment):
    """`{wait: 5wh}`: so much time passes, in the calendar of the process."""

    wait: PeriodText


class Until(Moment):
    """`{until: "2026-09-29 18:00"}`: time passes until then."""

    until: Instant


class Leaves(Moment):
    """`{leaves: ann}`: she has left the organisation and may do nothing any more."""

    leaves: Name


class Away(Moment):
    """`{away: ann, back: "2026-10-08 09:00"}`: she is not there until then."""

    away: Name
    back: Instant


class StandsIn(Moment):
    """`{stands_in: ben, for: ann, back: "2026-10-08 09:00"}`: he acts for her until then; `role`: in this role only."""

    stands_in: Name
    absent: Name = Limit(alias="for")
    back: Instant
    role: Name | None = None


class Ends(Moment):
    """`{child: parts, ends: issued, with: {new_part: SN1}}`: the child ends in this state and hands these values back, its steps unseen."""

    ends: Name
    values: dict[Name, Typed] = Limit(default={}, alias="with")


_KINDS = {
    "do": Do, "event": Happens, "undo": Undo, "withdraw": Withdraw, "assign": Assign, "correct": Correct, "wait": Wait, "until": Until,
    "leaves": Leaves, "away": Away, "stands_in": StandsIn, "ends": Ends,
}  # fmt: skip


def _kind(raw: Any) -> str:
    if isinstance(raw, dict):
        return next((kind for kind in _KINDS if kind in raw), "do")
    return next((kind for kind, model in _KINDS.items() if isinstance(raw, model)), "do")


Step = Annotated[
    Annotated[Do, Tag("do")]
    | Annotated[Happens, Tag("event")]
    | Annotated[Undo, Tag("undo")]
    | Annotated[Withdraw, Tag("withdraw")]
    | Annotated[Assign, Tag("assign")]
    | Annotated[Correct, Tag("correct")]
    | Annotated[Wait, Tag("wait")]
    | Annotated[Until, Tag("until")]
    | Annotated[Leaves, Tag("leaves")]
    | Annotated[Away, Tag("away")]
    | Annotated[StandsIn, Tag("stands_in")]
    | Annotated[Ends, Tag("ends")],
    Discriminator(_kind),
]


def _performance_kind(raw: Any) -> str:
    return "by" if isinstance(raw, dict) else "step"


Performed = Annotated[Annotated[dict[Name, Name], Tag("by")] | Annotated[Name, Tag("step")], Discriminator(_performance_kind)]
"""A step, or `{finish: tom}`: the step and who performed it."""


class StartingIn(Element):
    """`{state: to_settle, fields: {…}, done: [receive, finish]}`: the story begins in the middle; checked to be reachable."""

    state: Name
    fields: dict[Name, Typed] = {}
    done: Annotated[tuple[Performed, ...], BeforeValidator(_one_or_many)] = ()
    """Steps performed before, oldest first."""
    assignee: Name | None = None
    unit: Name | None = None
    """Where the case belongs; needed where the story has several units."""


class Earlier(Element):
    """Another case of the same subject, as `earlier` reads it."""

    workflow: Name | None = None
    """By default the process itself."""
    opened_at: Instant
    ended_at: Instant | None = None
    """Absent while it is open."""
    outcome: Literal["success", "failure", "abandoned"] | None = None
    fields: dict[Name, Typed] = {}


class Scenario(Element):
    """One story."""

    name: Bilingual
    at: Instant
    """When it begins."""
    starting_in: StartingIn | None = None
    earlier: tuple[Earlier, ...] = ()
    taken: dict[Name, tuple[str, ...]] = {}
    """Unique field → values that other cases have."""
    steps: tuple[Step, ...] = Limit(min_length=1, max_length=200)


class Unnoticed(Element):
    """`{change: inspecting.inspect/right-widened/desk, why: {zh: …, en: …}}`: a mutant that no scenario need notice (`mutation`)."""

    change: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """The id of the mutant."""
    why: Bilingual


class ScenarioFile(Element):
    """The stories of one process, and who appears in them."""

    workflow: Name
    people: dict[Name, RolesHeld] = {}
    units: dict[Name, Name | Literal["top"]] = {}
    """unit → the unit above it, or `top`; without any, everybody is in one unit, `shop`."""
    scenarios: tuple[Scenario, ...] = Limit(min_length=1, max_length=200)
    unnoticed: tuple[Unnoticed, ...] = ()
    """Mutants that survive, and why that is right."""
