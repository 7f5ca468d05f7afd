"""Controls: what a field is filled in with – a line, a choice, rows – and all that a template must know to draw it.

Pure; knows the rule of a field and who may be named, neither a case nor what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from zoneinfo import ZoneInfo

from engine.core.field import LINE_LIMIT, TEXT_LIMIT, FieldRule
from engine.label import Label, verbatim
from web.console.form.hints import hints_of, is_of_digits

RADIOS = 6
"""Choices up to so many lie open."""
OFFERED = 100
"""Of so many people one is chosen from a list; of more, one is named, and so many are offered."""
HOLDERS = "holders"
"""The id of the list of those who could hold a case."""
NAMED, SEVERAL = Label("输入姓名或账号", "type a name or an account"), Label("多人用逗号分隔", "commas between several")

Keyboard = Literal["text", "numeric", "decimal", "tel", "email"]
Widget = Literal["line", "text", "date", "datetime", "radio", "select", "people", "files", "rows"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose. `note`: what to know of it first, as that a person is away."""

    value: str
    label: Label
    note: Label | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a form must know beside what it asks."""

    zone: ZoneInfo
    """In which instants are typed."""
    persons: Mapping[str | None, Sequence[Choice]] = field(default_factory=dict)
    """role (None: any) → who may be named, those who are there first, and nearest."""
    units: Sequence[Choice] = ()
    workflows: Mapping[str, Label] = field(default_factory=dict)
    """workflow → its title, for links to cases."""

    @property
    def offers(self) -> Mapping[str, Sequence[Choice]]:
        """Who is offered while one types, by the id of the list."""
        return {id: each for role, found in self.persons.items() for id, each in offered(found, offers_of(role)).items()}


def offers_of(role: str | None) -> str:
    """The id of the list of those who are offered for a role."""
    return f"people-{role or 'any'}"


def offered(people: Sequence[Choice], id: str) -> Mapping[str, Sequence[Choice]]:
    """The list of those who are offered while one types, by its id; none where they are few enough to be chosen from."""
    return {id: people[:OFFERED]} if len(people) > OFFERED else {}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is stored already. `is_taken`: whether it is to go into the field."""

    value: str
    name: str
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Control:
    """One thing to fill in. `id`: of its element, also as an anchor; `name`: under which its value is sent."""

    id: str
    name: str
    title: Label
    widget: Widget
    is_required: bool
    value: str = ""
    """What stands in it; of people, their ids with spaces between."""
    present: Label | None = None
    """The present value in words, where it does not stand there anyway."""
    before: str = ""
    """The same as it would stand there."""
    choices: tuple[Choice, ...] = ()
    offers: str = ""
    """The id of the list of those who are offered while one types; they are no choices then."""
    hints: tuple[Label, ...] = ()
    faults: tuple[Label, ...] = ()
    keyboard: Keyboard = "text"
    is_code: bool = False
    """Typed or scanned sign by sign: not words."""
    most: int = TEXT_LIMIT
    lines: int = 1
    currency: Label | None = None
    accept: str = ""
    takes_many: bool = False
    takes_pictures: bool = False
    files: tuple[Kept, ...] = ()
    grid: Grid | None = None

    @property
    def chosen(self) -> frozenset[str]:
        """Who of several is chosen."""
        return frozenset(self.value.split())

    @property
    def unread(self) -> str:
        """What was typed of several and stands for nobody."""
        known = {each.value for each in self.choices}
        return ", ".join(each for each in self.value.split() if each not in known)


@dataclass(frozen=True, slots=True)
class Line:
    """A row. `place`: counted from 0; `row`: its id, "" for a new one; `told`: what stands in it and is not asked."""

    place: int | str
    row: str
    told: tuple[Label, ...]
    cells: tuple[Control, ...]
    can_go: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a list. `blank`: what a new one looks like; None where none may be added."""

    told: tuple[Label, ...]
    columns: tuple[tuple[Label, bool], ...]
    """(title, whether it must be filled) of the cells."""
    lines: tuple[Line, ...]
    blank: Line | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the summary. `anchor`: the id of the control that it is about, if it is about one."""

    code: str
    sentence: Label
    anchor: str | None


@dataclass(frozen=True, slots=True)
class FormView:
    """A whole form: what is to be filled in, and what is wrong with what was."""

    controls: tuple[Control, ...]
    faults: tuple[Fault, ...] = ()
    offers: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    """The lists of those who are offered while one types, by id."""

    @property
    def has_files(self) -> bool:
        """Whether it sends files."""
        return any(each.widget == "files" for each in self.controls)

    @property
    def first(self) -> str | None:
        """Where whoever fills it begins: at the first fault, else at the first field."""
        faulty = next((each.anchor for each in self.faults if each.anchor is not None), None)
        return faulty or (focus_of(self.controls[0]) if self.controls else None)


_YES_NO = (Choice("true", Label("是", "Yes")), Choice("false", Label("否", "No")))
_UNSAID = Choice("", Label("不填", "Leave open"))
WHICH = Choice("", Label("请选择", "Choose"))
_KEYBOARDS: Mapping[str, Keyboard] = {
    "phone": "tel",
    "email": "email",
    "integer": "numeric",
    "decimal": "decimal",
    "money": "decimal",
}


def bare(rule: FieldRule, known: Known, id: str, name: str, *, is_required: bool) -> Control:
    """The control of a rule, with nothing in it."""
    control = Control(id, name, rule.title, "line", is_required, hints=hints_of(rule), most=LINE_LIMIT)
    kind = rule.kind.name
    lying_open = _lying_open(rule)
    if lying_open:
        return replace(control, widget="radio", hints=(), choices=lying_open if is_required else (*lying_open, _UNSAID))
    if kind in ("choice", "unit"):
        found = _choices(rule) if kind == "choice" else known.units
        return replace(control, widget="select", choices=(WHICH if is_required else _UNSAID, *found))
    if kind == "person":
        return of_people(control, known.persons.get(rule.role, ()), WHICH if is_required else _UNSAID, offers_of(rule.role))
    if kind == "people":
        people = tuple(known.persons.get(rule.role, ()))
        control = replace(control, widget="people", choices=people)
        return replace(control, offers=offers_of(rule.role), hints=(NAMED, SEVERAL)) if len(people) > OFFERED else control
    if rule.files is not None:
        accept = ",".join(f".{each}" for each in rule.files.accept)
        pictures = not rule.files.accept or not {"jpg", "png", "webp"}.isdisjoint(rule.files.accept)
        return replace(control, widget="files", accept=accept, takes_many=rule.files.most > 1, takes_pictures=pictures)
    if rule.rows is not None:
        return replace(control, widget="rows")
    if kind == "date":
        return replace(control, widget="date")
    if kind == "datetime":
        return replace(control, widget="datetime")
    if kind == "case":
        title = known.workflows.get(rule.workflow or "", verbatim(rule.workflow or ""))
        hint = Label("“{title}”的工单编号", "Number of a case of “{title}”").fill(title=title)
        return replace(control, hints=(hint,), is_code=True)
    if kind == "money":
        control = replace(control, currency=Label("元", "CNY") if rule.kind.of == "CNY" else verbatim(rule.kind.of or ""))
    return _as_line(control, rule)


def of_people(control: Control, people: Sequence[Choice], first: Choice, offers: str) -> Control:
    """A person to be chosen from a list that begins with `first`; to be named, where there are too many. Its value comes after."""
    if len(people) <= OFFERED:
        return replace(control, widget="select", choices=(first, *people))
    return replace(control, widget="line", choices=tuple(people), offers=offers, hints=(*control.hints, NAMED))


def closed(control: Control) -> tuple[Choice, ...]:
    """The choices of radio buttons as those of a list that opens."""
    return (WHICH, *control.choices) if control.is_required else control.choices


def _as_line(control: Control, rule: FieldRule) -> Control:
    """Something typed: a number, words, a code."""
    keyboard: Keyboard = "numeric" if is_of_digits(rule) else _KEYBOARDS.get(rule.type, "text")
    if rule.type == "text" and rule.pattern is None:
        return replace(control, widget="text" if rule.lines > 1 else "line", lines=rule.lines, most=TEXT_LIMIT)
    return replace(control, keyboard=keyboard, is_code=rule.pattern is not None or keyboard != "text")


def _lying_open(rule: FieldRule) -> tuple[Choice, ...]:
    """All that may be chosen, where it is so little that it is seen at once: yes and no, a few choices, a scale from 1 to 5."""
    kind, least, most = rule.kind.name, rule.minimum, rule.maximum
    if kind == "boolean":
        return _YES_NO
    if kind == "choice" and len(rule.choices or ()) <= RADIOS:
        return _choices(rule)
    if kind == "integer" and isinstance(least, int) and isinstance(most, int) and most - least < RADIOS:
        return tuple(Choice(str(each), verbatim(str(each))) for each in range(least, most + 1))
    return ()


def _choices(rule: FieldRule) -> tuple[Choice, ...]:
    return tuple(Choice(id, label) for id, label in (rule.choices or {}).items())


_READABLE = {"date": re.compile(r"\d{4}-\d\d-\d\d"), "datetime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")}


def as_readable(control: Control) -> Control:
    """A date that was typed in another way stands in a plain line: a calendar would lose it. So does a choice that there is none of."""
    if control.offers:
        return _named(control)
    readable = _READABLE.get(control.widget)
    if readable is not None and control.value and not readable.fullmatch(control.value):
        return replace(control, widget="line")
    if control.widget == "select" and control.value and control.value not in {each.value for each in control.choices}:
        return replace(control, choices=(*control.choices, Choice(control.value, verbatim(control.value))))
    return control


def _named(control: Control) -> Control:
    """Who stands in it already, by name; of several, to be left out again."""
    if control.widget == "people":
        return replace(control, choices=tuple(each for each in control.choices if each.value in control.chosen))
    names = {each.value: each.label.zh for each in control.choices if each.value in (control.value, control.before)}
    value, before = (names.get(each, each) for each in (control.value, control.before))
    return replace(control, value=value, before=before, choices=())


def focus_of(control: Control, sentence: Label | None = None) -> str:
    """The element in which one begins to type; of rows the first cell at fault that the sentence names."""
    if control.widget in ("radio", "people"):
        return f"{control.id}-0" if control.choices or not control.offers else f"{control.id}-more"
    if control.grid is None or not control.grid.lines:
        return control.id
    cells = [each for line in control.grid.lines for each in line.cells]
    faulty = (each for each in cells if sentence is not None and any(sentence.en.endswith(fault.en) for fault in each.faults))
    found = next(faulty, cells[0] if cells else None)
    return focus_of(found) if found is not None else control.id
