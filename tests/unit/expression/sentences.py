"""Random well-typed expressions for the property tests: a tree of their own, printed to text, and a naive meaning.

Written from the language page alone and against other number and date types than the engine's, so that agreement says
something: fractions instead of decimals, one-month steps instead of division, minimum and maximum instead of Kleene's rules.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from engine.core.kind import Value

Tree = tuple[Any, ...]
Meaning = bool | Fraction | str | date | datetime | tuple[str, ...] | None

FIELDS = {
    "boolean": ["passed", "in_warranty"],
    "number": ["quantity", "stock", "share"],
    "money": ["quote", "deposit"],
    "text": ["symptom", "remark"],
    "choice": ["fault"],
    "date": ["sold_on", "back_on"],
    "datetime": ["received_at"],
    "person": ["tester"],
    "people": ["helpers"],
}
NAMES = [name for names in FIELDS.values() for name in names]
ORDERED = ("number", "money", "date", "datetime")

_DATES = st.dates(date(2015, 1, 1), date(2060, 12, 31))
"""Long after the last summer time of Shanghai (1991), of which the reading below knows nothing, however far a date is moved back."""
_IDS = st.sampled_from(["amy", "sue", "tom"])

VALUES: Mapping[str, st.SearchStrategy[Value]] = {
    "passed": st.booleans(),
    "in_warranty": st.booleans(),
    "quantity": st.integers(-3, 3),
    "stock": st.integers(-(10**12), 10**12),
    "share": st.decimals(-9, 9, places=2),
    "quote": st.decimals(-9, 9, places=2),
    "deposit": st.decimals(-(10**9), 10**9, places=2),
    "symptom": st.sampled_from(["a", "进水"]),
    "remark": st.sampled_from(["a", "b"]),
    "fault": st.sampled_from(["power", "screen", "none"]),
    "sold_on": _DATES,
    "back_on": _DATES,
    "received_at": st.builds(datetime.combine, _DATES, st.times(), st.just(UTC)),
    "tester": _IDS,
    "helpers": st.sets(_IDS, min_size=1).map(lambda ids: tuple(sorted(ids))),
}


def some_data() -> st.SearchStrategy[dict[str, Value]]:
    """Data in which any field may be empty."""
    return st.fixed_dictionaries({}, optional=dict(VALUES))


def booleans(depth: int = 3) -> st.SearchStrategy[Tree]:
    """Boolean trees at most so deep."""
    leaf = st.sampled_from(FIELDS["boolean"]).map(lambda name: ("field", name)) | st.booleans().map(lambda truth: ("truth", truth))
    if depth == 0:
        return leaf
    inner = booleans(depth - 1)
    several = st.lists(inner, min_size=2, max_size=3)
    kinds = st.sampled_from([*FIELDS])
    return st.one_of(
        leaf,
        several.map(lambda operands: ("and", operands)),
        several.map(lambda operands: ("or", operands)),
        inner.map(lambda operand: ("not", operand)),
        kinds.flatmap(lambda kind: st.tuples(st.just("is set"), values(kind, depth - 1))),
        kinds.flatmap(lambda kind: comparisons(kind, depth - 1)),
        st.sampled_from([kind for kind in FIELDS if kind not in ("boolean", "people")]).flatmap(lambda kind: memberships(kind, depth - 1)),
        st.tuples(st.just("among"), values("person", depth - 1), values("people", depth - 1)),
        st.tuples(st.just("otherwise"), inner, inner),
    )


def comparisons(kind: str, depth: int) -> st.SearchStrategy[Tree]:
    """Two values of one kind, compared as that kind allows."""
    operators = ["==", "!=", "<", "<=", ">", ">="] if kind in ORDERED else ["==", "!="]
    right = values(kind, depth) if kind != "choice" else st.sampled_from(["power", "screen", "none"]).map(lambda word: ("word", word))
    return st.tuples(st.just("compare"), st.sampled_from(operators), values(kind, depth), right)


def memberships(kind: str, depth: int) -> st.SearchStrategy[Tree]:
    """A value in a few options."""
    return st.tuples(st.just("in"), values(kind, depth), st.lists(values(kind, 0), min_size=1, max_size=3))


def values(kind: str, depth: int) -> st.SearchStrategy[Tree]:
    """Trees that give a value of the kind."""
    fields = st.sampled_from(FIELDS[kind]).map(lambda name: ("field", name))
    if kind == "boolean":
        return booleans(depth)
    if depth == 0:
        return fields if kind not in _LITERALS else fields | _LITERALS[kind]
    inner = values(kind, depth - 1)
    grown: list[st.SearchStrategy[Tree]] = [fields, st.tuples(st.just("otherwise"), fields, inner)]
    if kind in ("number", "money"):
        grown.append(st.tuples(st.just("sum"), st.sampled_from("+-"), fields, inner))
        grown.append(st.tuples(st.just("sum"), st.sampled_from("+-"), inner, fields))
        grown.append(st.tuples(st.just("product"), fields, values("number", depth - 1)))
    if kind == "number":
        grown.append(st.tuples(st.just("days"), values("date", depth - 1), values("date", depth - 1)))
    if kind == "date":
        grown.append(st.tuples(st.just("move"), st.sampled_from("+-"), inner, st.integers(0, 40), st.sampled_from(["d", "mo", "y", "wd"])))
        grown.append(st.tuples(st.just("date"), values("datetime", depth - 1)))
        grown.append(st.just(("today",)))
    if kind == "datetime":
        grown.append(
            st.tuples(st.just("move"), st.sampled_from("+-"), inner, st.integers(0, 400), st.sampled_from(["m", "h", "d", "wh", "wd"]))
        )
    return st.one_of(grown)


_LITERALS: Mapping[str, st.SearchStrategy[Tree]] = {
    "number": st.decimals(-9, 9, places=1).map(lambda number: ("number", str(number)))
    | st.integers(-3, 3).map(lambda n: ("number", str(n))),
    "text": st.sampled_from(["a", "b", "进水"]).map(lambda text: ("text", text)),
}

_LEVELS = {"or": 1, "and": 2, "not": 3, "compare": 4, "is set": 4, "in": 4, "among": 4, "otherwise": 5, "sum": 6, "move": 6, "product": 7}


def printed(tree: Tree, level: int = 1) -> str:
    """The text of a tree, with no more parentheses than the grammar demands."""
    text = _text(tree)
    return text if _LEVELS.get(tree[0], 8) >= level else f"({text})"


def _text(tree: Tree) -> str:
    match tree:
        case ("and" | "or" as word, operands):
            return f" {word} ".join(printed(operand, _LEVELS[word] + 1) for operand in operands)
        case ("not", operand):
            return f"not {printed(operand, 4)}"
        case ("compare", sign, left, right):
            return f"{printed(left, 5)} {sign} {printed(right, 5)}"
        case ("is set", value):
            return f"{printed(value, 5)} is set"
        case ("in", value, options):
            return f"{printed(value, 5)} in ({' | '.join(printed(option, 5) for option in options)})"
        case ("among", person, people):
            return f"{printed(person, 5)} in ({printed(people, 5)})"
        case _:
            return _value_text(tree)


def _value_text(tree: Tree) -> str:
    match tree:
        case ("otherwise", value, substitute):
            return f"{printed(value, 6)} otherwise {printed(substitute, 6)}"
        case ("sum", sign, left, right):
            return f"{printed(left, 6)} {sign} {printed(right, 7)}"
        case ("product", left, right):
            return f"{printed(left, 7)} * {printed(right, 8)}"
        case ("move", sign, moment, count, unit):
            return f"{printed(moment, 6)} {sign} {count}{unit}"
        case ("days", since, until):
            return f"days({printed(since)} to {printed(until, 6)})"
        case ("date", instant):
            return f"date({printed(instant)})"
        case ("text", text):
            return f"'{text}'"
        case ("truth", truth):
            return str(truth).lower()
        case ("today",):
            return "today()"
        case _:
            return str(tree[1])


_OPERATORS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_RANK = {False: 0, None: 1, True: 2}
_UNRANK = {rank: truth for truth, rank in _RANK.items()}


def meaning(tree: Tree, data: Mapping[str, Value], today: date) -> Any:
    """What the language page says that a tree means, None for missing; numbers as fractions."""

    def of(part: Tree) -> Any:
        return meaning(part, data, today)

    match tree:
        case ("and", operands):
            return _UNRANK[min(_RANK[of(operand)] for operand in operands)]
        case ("or", operands):
            return _UNRANK[max(_RANK[of(operand)] for operand in operands)]
        case ("not", operand):
            return _UNRANK[2 - _RANK[of(operand)]]
        case ("is set", value):
            return of(value) is not None
        case ("in", value, options):
            return of(("or", [("compare", "==", value, option) for option in options]))
        case ("otherwise", value, substitute):
            return of(substitute) if of(value) is None else of(value)
        case ("field" | "word" | "text" | "truth" | "number" | "today", *_):
            return _plain(tree, data, today)
        case (kind, *rest):
            found = [of(part) if isinstance(part, tuple) else part for part in rest]
            return None if None in found else _strict(kind, found)


def _plain(tree: Tree, data: Mapping[str, Value], today: date) -> Any:
    if tree[0] == "today":
        return today
    value = data.get(tree[1]) if tree[0] == "field" else Fraction(tree[1]) if tree[0] == "number" else tree[1]
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _strict(kind: str, found: list[Any]) -> Any:
    match kind, found:
        case "compare", [sign, left, right]:
            return _OPERATORS[sign](left, right)
        case "among", [person, people]:
            return person in people
        case "sum", [sign, left, right]:
            return left + right if sign == "+" else left - right
        case "product", [left, right]:
            return left * right
        case "days", [since, until]:
            return Fraction(until.toordinal() - since.toordinal())
        case "date", [instant]:
            return (instant + timedelta(hours=8)).date()  # in Shanghai
        case "move", [sign, moment, count, unit]:
            return _moved(moment, -count if sign == "-" else count, unit)
    raise ValueError(kind)


def _moved(moment: Any, count: int, unit: str) -> Any:
    if unit == "wd":
        return _moved_by_working_days(moment, count)
    if unit == "wh":
        return _moved_by_working_minutes(moment, count * 60)
    if unit in "mhd":
        return moment + count * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[unit]
    months = count * 12 if unit == "y" else count
    year, month = moment.year, moment.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        year, month = (year + 1, 1) if month == 13 else (year - 1, 12) if month == 0 else (year, month)
    for day in (moment.day, 30, 29, 28):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise ValueError(moment)


def _moved_by_working_days(moment: Any, count: int) -> Any:
    if isinstance(moment, datetime) and count:
        local = moment + timedelta(hours=8)
        # Midnight is the end of the day before.
        rest = local - datetime.combine(local.date(), time(), UTC) or timedelta(days=1)
        day = _moved_by_working_days((local - rest).date(), count)
        return datetime.combine(day, time(), UTC) + rest - timedelta(hours=8)
    step = 1 if count > 0 else -1
    for _ in range(abs(count)):
        moment += timedelta(days=step)
        while moment.weekday() > 4:
            moment += timedelta(days=step)
    return moment


def _moved_by_working_minutes(moment: datetime, count: int) -> datetime:
    step = timedelta(days=1 if count > 0 else -1)
    local, left = moment + timedelta(hours=8), timedelta(minutes=abs(count))
    day = datetime.combine(local.date(), time(), UTC)
    while left:
        windows = [
            (day + timedelta(minutes=540), day + timedelta(minutes=720)),
            (day + timedelta(minutes=810), day + timedelta(minutes=1080)),
        ]
        for opens, closes in (windows if count > 0 else windows[::-1]) if day.weekday() < 5 else []:
            begins, ends = (max(opens, local), closes) if count > 0 else (opens, min(closes, local))
            if left and begins < ends:
                taken = min(left, ends - begins)
                left -= taken
                local = begins + taken if count > 0 else ends - taken
        day += step
    return local - timedelta(hours=8)
