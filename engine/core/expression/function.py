"""The functions: which arguments each takes, and the term it makes of them.

Some take values, some the name of a step, a party or a role, one a literal share. The functions of rows have a module of their own
(`row_function`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal as OneOf
from typing import cast

from engine.core.expression.agreement import mismatch
from engine.core.expression.fault import expected, quoted
from engine.core.expression.row_function import ROW_FUNCTIONS
from engine.core.expression.scope import Scope
from engine.core.expression.syntax import Call, Literal, Word
from engine.core.expression.term import Acting, Clock, DateOf, DaysBetween, Holders, Sampled, StepFact, StepQuestion, Term
from engine.core.kind import BOOLEAN, DATE, DATETIME, INTEGER, PEOPLE, Kind
from engine.core.problem import Fault
from engine.errors import did_you_mean
from engine.label import Label

Takes = OneOf["nothing", "value", "values", "step", "word", "role", "share"]


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes, how a call of it is written, and the kind it gives."""

    takes: Takes
    usage: str
    gives: Kind


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "today": Function("nothing", "today()", DATE),
        "now": Function("nothing", "now()", DATETIME),
        "days": Function("values", "days(a to b)", INTEGER),
        "days_since": Function("value", "days_since(x)", INTEGER),
        "date": Function("value", "date(x)", DATE),
        "done": Function("step", "done(step)", BOOLEAN),
        "times": Function("step", "times(step)", INTEGER),
        "done_at": Function("step", "done_at(step)", DATETIME),
        "performers": Function("step", "performers(step)", PEOPLE),
        "acting": Function("word", "acting(role)", BOOLEAN),
        "holders": Function("role", "holders(role)", PEOPLE),
        "sampled": Function("share", "sampled(20)", BOOLEAN),
    }
)


def find(call: Call) -> Function | Fault:
    """The function that is called, if it exists and is given as many arguments as it takes."""
    name = call.function.name
    function = FUNCTIONS.get(name)
    if function is None:
        way_out = did_you_mean(name, [*FUNCTIONS, *ROW_FUNCTIONS])
        return expected("unknown-function", call.function.place, Label("函数名", "the name of a function"), quoted(name), way_out)
    if call.rows is not None or call.where is not None:
        return wrong_arguments(call, function)
    given = (call.argument is not None, call.until is not None)
    if given != {"nothing": (False, False), "values": (True, True)}.get(function.takes, (True, False)):
        return wrong_arguments(call, function)
    return function


def wrong_arguments(call: Call, function: Function, wanted: Label | None = None) -> Fault:
    """The fault of a call that is not written as the function wants it."""
    way_out = Label("请写“{usage}”。", "Write “{usage}”.").fill(usage=function.usage)
    place = call.place if wanted is None or call.argument is None else call.argument.place
    return expected("wrong-arguments", place, wanted or quoted(function.usage), quoted(place.text), way_out)


def of_words(call: Call, function: Function, scope: Scope) -> Term | Fault:
    """The term of a function that takes no values: a clock, a step, a party or role, a share."""
    argument = call.argument
    if function.takes == "nothing":
        return Clock(function.gives, call.place, "today" if call.function.name == "today" else "now")
    if function.takes == "share":
        if isinstance(argument, Literal) and argument.kind == INTEGER and 0 <= cast(int, argument.value) <= 100:
            return Sampled(BOOLEAN, call.place, cast(int, argument.value))
        return wrong_arguments(call, function, Label("从 0 到 100 的整数", "a whole number from 0 to 100"))
    if function.takes == "step":
        if not isinstance(argument, Word):
            return wrong_arguments(call, function, Label("一个步骤", "a step"))
        if argument.name not in scope.steps:
            way_out = did_you_mean(argument.name, scope.steps)
            return expected("unknown-step", argument.place, Label("一个步骤", "a step"), quoted(argument.name), way_out)
        return StepFact(function.gives, call.place, cast(StepQuestion, call.function.name), argument.name)
    is_role = function.takes == "role"
    wanted = Label("一个角色", "a role") if is_role else Label("一个外部方或角色", "a party or role")
    known = scope.roles if is_role else scope.parties | scope.roles
    if not isinstance(argument, Word):
        return wrong_arguments(call, function, wanted)
    if argument.name not in known:
        way_out = did_you_mean(argument.name, sorted(known))
        return expected("unknown-name", argument.place, wanted, quoted(argument.name), way_out)
    return Holders(PEOPLE, call.place, argument.name) if is_role else Acting(BOOLEAN, call.place, argument.name)


def of_values(call: Call, argument: Term, until: Term | None) -> Term | tuple[Fault, ...]:
    """The term of a function that takes values: `days`, `days_since`, `date`."""
    if call.function.name == "date":
        return DateOf(DATE, call.place, argument) if argument.kind == DATETIME else (mismatch(DATETIME, argument),)
    end = Clock(DATE, call.place, "today") if until is None else until
    faults = tuple(mismatch(DATE, side) for side in (argument, end) if side.kind != DATE)
    return faults or DaysBetween(INTEGER, call.place, argument, end)
