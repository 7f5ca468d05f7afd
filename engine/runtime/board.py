"""The board of a process: its open cases in columns by phase, what is late among them and what waits. Reads, never writes.

How far somebody sees is asked of his access, as for every list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.label import Label
from engine.runtime.access import Access
from engine.runtime.catalog import Catalog
from engine.runtime.columns import ALL, COLUMNS, ELSEWHERE, Place, places
from engine.runtime.directory import Directory
from engine.runtime.naming import require
from engine.runtime.reading import LineView, Views
from engine.store import board, cases
from engine.store.board import Pile
from engine.store.cases import Filter
from engine.store.database import Database
from engine.store.reader import Reader
from roles.roster import Roster

_ALL = Label("全部", "all")


@dataclass(frozen=True, slots=True)
class Process:
    """A process, and how many open cases of it somebody sees."""

    workflow: str
    title: Label
    cases: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Of the open cases only those: of a unit, in a state, of a holder, of whoever looks and for whom he stands in, past their deadline."""

    unit: str | None = None
    state: str | None = None
    holder: str | None = None
    is_mine: bool = False
    is_late: bool = False

    @property
    def is_any(self) -> bool:
        """Whether it is narrowed at all."""
        return self != Narrowing()


@dataclass(frozen=True, slots=True)
class Card:
    """A case on the board. `is_for_another`: another holds it, for whom he stands in who looks; `unit`: where he sees several."""

    line: LineView
    place: Place
    unit: Label | None
    holder: str | None
    is_mine: bool
    is_for_another: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its states, each with how many cases stand there. `cards`: those that come first, by the time that is left."""

    id: str
    states: tuple[tuple[Place, int], ...]
    late: int
    cards: tuple[Card, ...]

    @property
    def title(self) -> Label:
        """What it is called."""
        return COLUMNS.get(self.id, _ALL)

    @property
    def cases(self) -> int:
        """How many stand there."""
        return sum(count for _, count in self.states)

    @property
    def waiting(self) -> int:
        """How many of them wait for somebody outside."""
        return sum(count for place, count in self.states if place.waits_on is not None)


@dataclass(frozen=True, slots=True)
class BoardView:
    """A whole board. `processes`: this one, and those of which he sees open cases; `units`: by which it may be narrowed."""

    process: Process
    processes: tuple[Process, ...]
    columns: tuple[Column, ...]
    units: Mapping[str, Label]
    places: Mapping[str, Place]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Those of all columns, by the time that is left."""
        return tuple(sorted((card for column in self.columns for card in column.cards), key=_urgency))


class Board:
    """Makes the boards of one database. Safe to share between threads."""

    def __init__(self, database: Database, catalog: Catalog, directory: Directory, views: Views) -> None:
        self._database = database
        self._catalog = catalog
        self._directory = directory
        self._views = views

    def processes(self, access: Access) -> tuple[Process, ...]:
        """Every process of which he sees open cases, the one with most of them first."""
        with self._database.read() as reader:
            return self._processes(_by_workflow(board.standing(reader, _seen(access))))

    def of(
        self,
        workflow: str,
        narrowing: Narrowing,
        access: Access,
        now: datetime,
        *,
        limit: int,
        skip: int = 0,
        column: str | None = None,
    ) -> BoardView:
        """The board of a process with the first `limit` cards of a column, but for those that are skipped; or one column, or `ALL` as one.

        Raises Unknown for a process, column, unit or state that there is not.
        """
        workflow = self._catalog.newest(workflow).workflow
        known = places([each for each in self._catalog.every_version() if each.workflow == workflow])
        chosen = self._chosen(workflow, narrowing, known, access)
        with self._database.read() as reader:
            everything = board.standing(reader, _seen(access))
            is_all = chosen == replace(_seen(access), workflow=workflow)
            counts = {
                state: count
                for (name, state), count in (everything if is_all else board.standing(reader, chosen)).items()
                if name == workflow
            }
            columns = _laid_out(known, counts)
            if column == ALL:
                columns = {ALL: [state for states in columns.values() for state in states]}
            elif column is not None:
                one = require(column, {id: COLUMNS[id] for id in columns}, Label("阶段", "phase"))
                columns = {one: columns[one]}
            piles = board.piles(reader, _counted(columns), chosen, now, limit=limit, only_late=narrowing.is_late)
            cards = self._cards(reader, [id for pile in piles.values() for id in pile.first[skip:]], known, access)
        processes = self._processes({workflow: 0, **_by_workflow(everything)})
        return BoardView(
            process=next(each for each in processes if each.workflow == workflow),
            processes=processes,
            columns=tuple(_column(id, states, piles.get(id, _NOTHING), cards) for id, states in columns.items()),
            units=self._units(access),
            places=known,
        )

    def _processes(self, counts: Mapping[str, int]) -> tuple[Process, ...]:
        newest = (each for each in self._catalog.all_newest() if each.workflow in counts)
        found = (Process(each.workflow, each.title, counts[each.workflow]) for each in newest)
        return tuple(sorted(found, key=lambda each: (-each.cases, each.workflow)))

    def _chosen(self, workflow: str, narrowing: Narrowing, known: Mapping[str, Place], access: Access) -> Filter:
        unit, state = narrowing.unit, narrowing.state
        if unit is not None:
            unit = require(unit, self._units(access), Label("单位", "unit"))
        if state is not None:
            state = require(state, {id: place.title for id, place in known.items()}, Label("状态", "state"))
        mine = access.persons if narrowing.is_mine else None
        return replace(_seen(access), workflow=workflow, unit=unit, state=state, person=narrowing.holder, holders=mine)

    def _cards(self, reader: Reader, ids: list[str], known: Mapping[str, Place], access: Access) -> Mapping[str, Card]:
        found = cases.of_ids(reader, ids)
        told, roster = self._views.told(reader, list(found.values())), self._directory.roster()
        return {each.line.id: _card(each, known[each.line.state], roster, access) for each in told}

    def _units(self, access: Access) -> Mapping[str, Label]:
        """Those whose cases he sees."""
        titles = self._directory.roster().unit_titles
        return {id: title for id, title in titles.items() if access.units is None or id in access.units}


def _card(line: LineView, place: Place, roster: Roster, access: Access) -> Card:
    holder, unit = line.line.assignee, line.line.unit
    me = access.actor.id if access.actor is not None else None
    has_unit = unit is not None and (access.units is None or len(access.units) > 1)
    return Card(
        line=line,
        place=place,
        unit=roster.unit_titles.get(unit) if unit is not None and has_unit else None,
        holder=roster.names.get(holder, holder) if holder is not None else None,
        is_mine=holder is not None and holder == me,
        is_for_another=holder is not None and holder != me and holder in access.persons,
    )


def _urgency(card: Card) -> tuple[bool, datetime, str]:
    due_at = card.line.due_at
    return due_at is None, due_at or card.line.line.opened_at, card.line.line.number


_NOTHING = Pile(0, ())


def _seen(access: Access) -> Filter:
    """The open cases that stand in his lists."""
    return Filter(is_open=True, units=access.units, besides=access.persons if access.units is not None else frozenset())


def _by_workflow(standing: Mapping[tuple[str, str], int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (workflow, _), count in standing.items():
        found[workflow] = found.get(workflow, 0) + count
    return found


def _laid_out(known: Mapping[str, Place], counts: Mapping[str, int]) -> dict[str, list[tuple[Place, int]]]:
    """column → its states with their counts, in the order of the definition; nothing final, unless a case stands open there."""
    found: dict[str, list[tuple[Place, int]]] = {}
    for id, place in known.items():
        if not place.is_final or counts.get(id):
            found.setdefault(place.column, []).append((place, counts.get(id, 0)))
    return dict(sorted(found.items(), key=lambda each: each[0] == ELSEWHERE))


def _counted(columns: Mapping[str, Iterable[tuple[Place, int]]]) -> dict[str, dict[str, int]]:
    """The columns in which cases stand, as the store takes them."""
    found = {id: {place.id: count for place, count in states if count} for id, states in columns.items()}
    return {id: states for id, states in found.items() if states}


def _column(id: str, states: Iterable[tuple[Place, int]], pile: Pile, cards: Mapping[str, Card]) -> Column:
    return Column(id, tuple(states), pile.overdue, tuple(cards[each] for each in pile.first if each in cards))
