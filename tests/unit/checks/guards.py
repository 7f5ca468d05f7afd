"""Random small sets of conditions, and what trying every value of a dense grid finds out about them.

The grid has all constants that the conditions can name, their neighbours, points between them, and *missing*. It is evaluated by the
engine as a case would be: nothing of the prover takes part.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import product

from engine.core.calculation import calculated, recompute
from engine.core.case import Performance
from engine.core.choosing import Fixed
from engine.core.decision import Reason
from engine.core.expression import Environment, Expression, read
from engine.core.kind import BOOLEAN, Kind, Value
from tests.process import SHANGHAI, definition

DOCUMENT = """
parties: {customer: {name: t}}
calendar: desk-hours
fields:
  b: {type: boolean, title: 真}
  c: {type: boolean, title: 假}
  k: {type: choice, title: 类, choices: {red: 红, green: 绿, blue: 蓝, grey: 灰}}
  i: {type: integer, title: 数甲}
  j: {type: integer, title: 数乙}
  n: {type: integer, title: 数丙, min: "0", max: "3"}
  m: {type: money, title: 钱甲, currency: CNY, min: "0"}
  o: {type: money, title: 钱乙, currency: CNY, min: "0"}
  x: {type: decimal, title: 小数}
  d: {type: date, title: 日甲}
  e: {type: date, title: 日乙}
  t: {type: text, title: 文甲}
  u: {type: text, title: 文乙}
  p: {type: person, title: 人甲}
  q: {type: person, title: 人乙}
  g: {type: people, title: 众人}
  f: {type: file, title: 文件}
  tax: {type: money, title: 含税, currency: CNY, computed: m * 1.13}
  both: {type: money, title: 合计, currency: CNY, computed: m + o}
  firm: {type: boolean, title: 定, computed: b and i > 1}
  rate: {type: integer, title: 率, computed: [{when: k == red, then: i + 1}, {else: j}]}
  name: {type: text, title: 名, computed: t otherwise u}
start:
  open: {title: 开, by: desk, asks: [b?, c?, k?, i?, j?, n?, m?, o?, x?, d?, e?, t?, u?, p?, q?, g?, f?], to: one}
states:
  one:
    title: 一
    transitions:
      work: {title: 办, by: desk, shows: [b, c, k, i, j, n, m, o, x, d, e, t, u, p, q, g, f], to: stay}
      end: {title: 完, by: desk, to: done}
  done: {title: 毕, final: success}
"""

PROCESS = definition(DOCUMENT)

_TODAY = date(2026, 3, 1)
_DAYS = [_TODAY + timedelta(days=days) for days in (-366, -365, -31, -30, -28, -4, -3, -1, 0, 1, 3)]
_NOON: Mapping[object, datetime] = {day: datetime(day.year, day.month, day.day, 4, tzinfo=UTC) for day in _DAYS}
_NUMBERS = list(range(-4, 7))
_AMOUNTS = [Decimal(cents) / 100 for cents in (0, 1, 49, 50, 51, 98, 99, 100, 101, 150, 199, 200, 201, 500)]
_DECIMALS = [Decimal(text) for text in ("-3", "0", "0.4", "0.5", "0.6", "1", "1.5", "1.8", "2", "2.000001", "2.5", "7")]

GRID: Mapping[str, list[Value]] = {
    "b": [True, False], "c": [True, False], "k": ["red", "green", "blue", "grey"], "i": [*_NUMBERS], "j": [*_NUMBERS], "n": [0, 1, 2, 3],
    "m": [*_AMOUNTS], "o": [*_AMOUNTS], "x": [*_DECIMALS], "d": [*_DAYS], "e": [*_DAYS],
    "t": ["a", "b", "y", "z"], "u": ["a", "b", "y", "z"], "p": ["ann", "bob", "joe"], "q": ["ann", "bob", "joe"],
    "g": [("ann",), ("ann", "bob"), ("bob",), ("joe",)], "f": ["file"],
    "times": [0, 1, 2, 3, 4], "acting": [True, False], "now": [*_DAYS],
}  # fmt: skip

_ROOTS = {"tax": "m", "both": "mo", "firm": "bi", "rate": "kij", "name": "tu"}
"""computed field → the fields it is made of."""


@dataclass(frozen=True, slots=True)
class GuardSet:
    """Some conditions, one that is known to hold, which fields are filled, and what a step sets before they are asked."""

    texts: tuple[str, ...]
    known: str
    filled: frozenset[str]
    written: tuple[tuple[str, str], ...] = ()


class Guards:
    """Random sets of conditions over a few fields each."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def draw(self) -> GuardSet:
        """The next set."""
        chance = self.chance
        atoms = _ATOMS[chance.choice(_GROUPS)]
        few = chance.sample(atoms, min(len(atoms), 5))
        texts = tuple(self._condition(few, 2) for _ in range(chance.choice([2, 2, 3])))
        fields = [name for name in GRID if len(name) == 1]
        filled = frozenset(name for name in fields if chance.random() < 0.6)
        written = tuple((name, text) for name, text in _SET if chance.random() < 0.3 and any(f"{name} " in each for each in few))[:1]
        return GuardSet(texts, self._condition(few, 1) if chance.random() < 0.5 else "true", filled, written)

    def _condition(self, atoms: list[str], depth: int) -> str:
        chance = self.chance
        if depth == 0 or chance.random() < 0.35:
            return chance.choice(atoms)
        if chance.random() < 0.2:
            return f"not ({self._condition(atoms, depth - 1)})"
        word = chance.choice([" and ", " or "])
        return word.join(f"({self._condition(atoms, depth - 1)})" for _ in range(2))


_SET = [("i", "i + 1"), ("k", "red"), ("m", "m + 1"), ("d", "today()")]

_ATOMS: Mapping[str, list[str]] = {
    "flags": ["b", "not c", "k == red", "k != green", "k in (red | blue)", "b is set", "k is set", "firm", "b == c", "acting(customer)"],
    "numbers": ["i < 1", "i >= 2", "n > 1", "n <= 2", "n == 0", "i is set", "i in (1 | 2)", "i + 1 < n", "i != n", "i otherwise 5 > 2"],
    "integers": ["i < j", "i == j", "i <= j + 1", "i > 1", "j < 3", "j - i > 2", "i * 2 > 3", "i is not set", "j in (0 | 2)", "firm"],
    "amounts": ["m > 1", "m <= 1.01", "o < 2", "m < o", "m == o", "both > 2", "m + o >= 1.99", "both == 2", "o is set", "tax > 1.13"],
    "money": ["m > 1", "m <= 2", "tax > 1.13", "tax <= 2.26", "tax == 1.13", "tax < 0.56", "m * 2 > 1", "m is set", "m otherwise 1 > 0"],
    "decimals": ["x > 1", "x <= 2", "x == 0.5", "x < n", "x is set", "n > 1", "x * 2 > 3", "x != 2", "x + 1 > 3"],
    "dates": ["d < e", "d + 3d >= e", "d == e", "days(d to e) > 30", "e - 1d > d", "d is set", "e is set", "days(d to e) == 0"],
    "today": ["d < today()", "d + 1y < today()", "days_since(d) > 30", "d == today()", "d + 1mo <= today()", "d is set", "b"],
    "texts": ["t == 'a'", "t != u", "u == 'b'", "t in ('a' | 'b')", "u is set", "name == 'a'", "name is set", "name != u", "t == u"],
    "people": ["p == q", "p in (g)", "q in (g)", "p is set", "g is set", "p != q", "actor == p", "assignee == p"],
    "steps": ["done(work)", "times(work) > 1", "times(work) == 2", "times(work) < 3", "not done(work)", "b", "i < times(work)", "f is set"],
    "cases": ["rate > 2", "rate == 0", "k == red", "k == blue", "i < 1", "j >= 2", "rate is set", "k is set"],
}  # fmt: skip

_GROUPS = [*_ATOMS, "flags", "flags", "money", "decimals", "texts", "steps", "steps", "cases"]
"""The small ones come more often: two dates or amounts make many cells."""


def conditions(found: GuardSet) -> tuple[list[Expression], Expression]:
    """The conditions of a set, and the one that is known to hold."""
    return [_read(text) for text in found.texts], _read(found.known)


def rules(found: GuardSet) -> tuple[tuple[str, Fixed[Expression]], ...]:
    """What the step of a set writes."""
    return tuple((name, Fixed(_read(text, PROCESS.kinds[name]))) for name, text in found.written)


@cache
def _read(text: str, kind: Kind = BOOLEAN) -> Expression:
    found = read(text, PROCESS.scope, kind)
    assert isinstance(found, Expression), (text, found)
    return found


def outcomes(found: GuardSet) -> set[tuple[bool | None, ...]]:
    """Every combination of answers that some cell of the grid gives, where what is known holds."""
    wanted, known = conditions(found)
    seen: set[tuple[bool | None, ...]] = set()
    for before, after in environments(found, [*wanted, known]):
        if known.evaluate(before) is True:
            seen.add(tuple(each.evaluate(after) for each in wanted))  # type: ignore[misc]  # conditions are boolean
    return seen


def environments(found: GuardSet, read_by: list[Expression]) -> Iterator[tuple[Environment, Environment]]:
    """Every cell of the grid over what the conditions read: before the step has set anything, and after."""
    written = rules(found)
    names = {name for each in (*read_by, *(rule.value for _, rule in written)) for name in each.reads}
    names |= {root for name in names & _ROOTS.keys() for root in _ROOTS[name]} - names
    text = " ".join((*found.texts, found.known, *(text for _, text in found.written)))
    extra = [each for each, word in (("times", "(work)"), ("acting", "acting"), ("now", "today"), ("now", "since")) if word in text]
    axes = sorted(name for name in names if name in GRID) + list(dict.fromkeys(extra))
    axes += [word for word in ("actor", "assignee") if word in text]
    for values in product(*(_values(axis, found.filled) for axis in axes)):
        cell = dict(zip(axes, values, strict=True))
        data = {name: value for name, value in cell.items() if len(name) == 1 and value is not None}
        before = _environment(data, cell)
        if names & _ROOTS.keys() and recompute(PROCESS, data, before):
            continue
        yield from ([(before, before)] if not written else _written(written, before, cell, is_computed=bool(names & _ROOTS.keys())))


def _written(
    written: tuple[tuple[str, Fixed[Expression]], ...], before: Environment, cell: Mapping[str, Value | None], *, is_computed: bool
) -> Iterator[tuple[Environment, Environment]]:
    """The same with what the step sets, if it can be set."""
    values = {name: calculated(PROCESS, name, rule, before) for name, rule in written}
    data = dict(before.data)
    for name, value in values.items():
        if isinstance(value, Reason) or value is None:
            return
        data[name] = value
    after = _environment(data, cell)
    if not (is_computed and recompute(PROCESS, data, after)):
        yield before, after


def _values(axis: str, filled: frozenset[str]) -> list[Value | None]:
    if axis in ("actor", "assignee"):
        return [*GRID["p"], *([None] if axis == "assignee" else [])]
    return [*GRID[axis], *([None] if len(axis) == 1 and axis not in filled else [])]


def _environment(data: Mapping[str, Value], cell: Mapping[str, Value | None]) -> Environment:
    now = _NOON[cell.get("now", _TODAY)]
    times = cell.get("times", 0)
    assert isinstance(times, int)
    return Environment(
        data=data,
        actor=str(cell.get("actor", "ann")),
        acting=frozenset({"customer"} if cell.get("acting") else ()),
        performed=tuple(Performance("work", "ann", None, now) for _ in range(times)),
        assignee=cell.get("assignee"),  # type: ignore[arg-type]  # a person
        unit=None,
        number="P26-0001",
        now=now,
        zone=SHANGHAI,
        case_id="case-1",
        visit=1,
        sampling_key=b"key",
        calendar=PROCESS.calendars["desk-hours"],
    )
