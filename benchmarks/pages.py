"""Pages of lists among very many cases: how long one of 50 takes at p95, and the last as against the first.

`python -m benchmarks.pages [CASES]` fills a database of each kind and reads, for each filter of the API, the first page, the last, and
thirty that lie evenly between, three times each; then single cases, their histories, and cases looked for by an exact value. Measured is
all that the API does for the answer but HTTP.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from sqlalchemy import select

from benchmarks import archive, workload
from benchmarks.postgresql import postgresql_urls
from benchmarks.report import show
from engine.app import Application
from engine.core.command import Fire
from engine.representation.case import of_case, of_found, of_list
from engine.representation.history import of_history
from engine.store.cases import Filter
from engine.store.listing import beside, conditions
from engine.store.schema import cases
from roles.scope import Identity

SIZE = 1_000_000
PAGE = 50
BETWEEN = 30
TURNS = 3
WANTED = "≤ 50"

SEEN_BY = {"everybody's": "worker", "an area's": "of-area", "a shop's": "of-shop"}
"""How lists are called, by who looks at them."""
FILTERS = {
    "all": Filter(),
    "open": Filter(is_open=True),
    "ended": Filter(is_open=False),
    "of a workflow": Filter("repair-seven"),
    "of a rare workflow": Filter("repair-rare"),
    "in an open state": Filter("repair-seven", "inspecting"),
    "in the last state": Filter("repair-seven", "closed"),
    "in a state of any workflow": Filter(state="inspecting"),
    "of an open phase": Filter(phase="diagnose"),
    "of the last phase": Filter(phase="done"),
    "of a rare workflow in the last phase, ended": Filter("repair-rare", phase="done", is_open=False),
    "of a person": Filter(person=archive.HOLDER),
    "open, of a person": Filter(person=archive.HOLDER, is_open=True),
    "of a unit": Filter(unit=archive.SHOP),
    "open, of a unit": Filter(unit=archive.SHOP, is_open=True),
}


@dataclass(frozen=True, slots=True)
class Walk:
    """A list, and after which cases the pages begin that are read of it."""

    name: str
    person: str
    chosen: Filter
    after: tuple[str | None, ...]


def main(size: int) -> None:
    """Measure and print each database that can run here."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        measure("SQLite", f"sqlite:///{Path(folder) / 'archive.db'}", size)
    with postgresql_urls(1) as urls:
        if urls is None:
            print("      pages on PostgreSQL skipped: none can run here")
        else:
            measure("PostgreSQL", urls[0], size)


def measure(name: str, url: str, size: int) -> None:
    """Fill a database and read it."""
    archive.found(url)
    archive.fill(url, size)
    with workload.opened(url) as app:
        lists(name, app, size)
        alone(name, app, size)


def lists(name: str, app: Application, size: int) -> None:
    """Every list, at all its places."""
    slowest = 0.0
    for walk in list(walks(app)):
        pages = [timed(lambda after=after, walk=walk: page(app, walk, after)) for after in walk.after]  # type: ignore[misc]
        taken = p95([each for of_page in pages for each in of_page])
        slowest = max(slowest, taken)
        first, last = median(pages[0]) * 1e3, median(pages[-1]) * 1e3
        print(f"      {name}, {walk.name}: p95 {taken * 1e3:.1f} ms, the first {first:.1f} ms, the last {last:.1f} ms", flush=True)
    show("page", f"{name}, of {PAGE} among {size:,}: p95 of the slowest list, in ms (lower)", slowest * 1e3, WANTED)


def alone(name: str, app: Application, size: int) -> None:
    """What is asked of one case; of its history, where all seven moves were made."""
    told = [f"BM-{size * nth // 40:07}" for nth in range(40)]
    moved = workload.open_cases(app, 40)
    for move in workload.moves(moved):
        assert app.cases.handle(move[0], Fire(move[1], {"minutes": move[2]}), workload.WORKER)
    views = app.views
    asked: dict[str, Callable[[str], object]] = {
        "one case": lambda number: of_case(views.case(number), views.family(views.case(number).case)),
        "found by its number": lambda number: of_found(views.find(number, PAGE)),
        "found by a customer's name": lambda number: of_found(views.find(f"测试客户{int(number[3:])}", PAGE)),
        "found by its reference": lambda number: of_found(views.find(f"REF-{int(number[3:]) // 10 * 10:07}", PAGE)),
        "found by its subject": lambda number: of_found(views.find(f"{int(number[3:]) % (size // 3 + 1):015}", PAGE)),
    }
    for title, ask in asked.items():
        show("page", f"{name}, {title} among {size:,}: p95 in ms (lower)", p95(each(ask, told)) * 1e3, WANTED)
    history = each(lambda number: of_history(number, views.history(number)), moved)
    show("page", f"{name}, the history of a case of eight entries: p95 in ms (lower)", p95(history) * 1e3, WANTED)


def each(ask: Callable[[str], object], numbers: list[str]) -> list[float]:
    """Seconds that each question takes, for every number."""
    return [taken for number in numbers for taken in timed(lambda: json.dumps(ask(number)))]  # noqa: B023


def walks(app: Application) -> Iterator[Walk]:
    """Every list with the places at which it is read."""
    for whose, person in SEEN_BY.items():
        for name, chosen in FILTERS.items():
            numbers = matching(app, chosen, person)
            last = max(len(numbers) - PAGE - 1, 0)
            between = (numbers[last * nth // (BETWEEN + 1)] for nth in range(1, BETWEEN + 1)) if last else ()
            after = (None, *between, *(numbers[last : last + 1] if last else ()))
            yield Walk(f"{whose} cases, {name} ({len(numbers):,})", person, chosen, after)


def matching(app: Application, chosen: Filter, person: str) -> list[str]:
    """The numbers of all cases of a list, by reading everything."""
    seen = app.views._within(chosen, app.access(Identity(person)))
    with app.database.read() as reader:
        query = select(cases.c.number).where(*conditions(seen, beside))
        return sorted(reader.connection.execute(query).scalars())  # numbers are given in the order of opening


def page(app: Application, walk: Walk, after: str | None) -> str:
    """One page, as the API answers it."""
    return json.dumps(of_list(app.views.page(walk.chosen, PAGE, after, app.access(Identity(walk.person)))))


def timed(work: Callable[[], object]) -> list[float]:
    """Seconds that it takes, each time."""
    taken = []
    for _ in range(TURNS):
        began = perf_counter()
        work()
        taken.append(perf_counter() - began)
    return taken


def p95(seconds: list[float]) -> float:
    """What one of twenty takes longer than."""
    return quantiles(seconds, n=20)[18]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE)
