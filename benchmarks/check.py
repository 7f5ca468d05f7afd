"""P7: how long it takes to check documents: one of 2,000 lines, and all that are shipped, with the people of the demonstration.

Beside the bare reading of the same texts by the YAML parser that we build on: what no check of them could go below.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Sequence
from functools import _lru_cache_wrapper
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.report import show
from engine.authoring.library import find_documents, read_library
from engine.authoring.organisation import read_roles
from engine.authoring.scanner import events
from engine.settings import SHIPPED

TURNS = 7
LINES = 2_000
CLOCKS = 50
"""As many as a document may have."""

_HEAD = """workflow: long-process
version: 1
title: {{zh: 很长的流程, en: A long process}}
owner: phone-supervisor
organisation: phone
calendar: service-hours
number: "CC{{yy}}-{{seq:06}}"
fields:
{fields}
start:
  receive:
    title: {{zh: 受理, en: Receive}}
    by: phone-front-desk
    asks: [price_0, urgent_0]
    requires:
      - that: price_0 >= 0 and (not urgent_0 or price_0 < 1000)
        say: {{zh: 加急不得超过一千, en: Urgent ones stay below a thousand}}
    to: stage_0
states:
{states}
  done: {{title: {{zh: 完成, en: Done}}, final: success}}
clocks:
{clocks}
"""
_FIELDS = """  price_{n}: {{type: money, title: {{zh: 报价{n}, en: Price {n}}}, currency: CNY}}
  urgent_{n}:
    type: boolean
    title: {{zh: 加急{n}, en: Urgent {n}}}
"""
_STATE = """  stage_{n}:
    title: {{zh: 第{n}步, en: Stage {n}}}
    phase: repair
    transitions:
      work_{n}:
        title: {{zh: 处理{n}, en: Work {n}}}
        by: phone-repair-tester
        not_by: [{before}]
        asks: [price_{m}, urgent_{m}]
        requires:
          - that: price_{m} >= 0 and (not urgent_{m} or price_{m} < 1000)
            say: {{zh: 加急不得超过一千, en: Urgent ones stay below a thousand}}
        to:
          - when: urgent_{m} and price_{m} < 500
            then: {then}
          - when: urgent_{m} and price_{m} >= 500
            then: stage_{n}
          - else: {then}
"""
_CLOCK = """  limit_{n}:
    title: {{zh: 时限{n}, en: Limit {n}}}
    runs_in: stage_{n}
    limit: 4wh
    ladder:
      - at: due
        tell: phone-supervisor
        template: overdue
"""


def long_document() -> str:
    """A process of some 2,000 lines."""
    count = (LINES - 25 - 8 * CLOCKS) // 23
    stages = range(count)
    return _HEAD.format(
        fields="".join(_FIELDS.format(n=n) for n in range(count + 1)).rstrip(),
        states="".join(
            _STATE.format(
                n=n, m=n + 1, before="receive" if n == 0 else f"work_{n - 1}", then="done" if n == count - 1 else f"stage_{n + 1}"
            )
            for n in stages
        ).rstrip(),
        clocks="".join(_CLOCK.format(n=n) for n in range(CLOCKS)).rstrip(),
    )


def main() -> None:
    """Measure and print."""
    workflows, roles = SHIPPED / "workflows", SHIPPED / "roles"
    registry, _, _ = read_roles([roles])
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        file = Path(folder) / "long-process.yaml"
        file.write_text(long_document(), encoding="utf-8")
        found = read_library([file], registry, [workflows])
        assert not found.diagnostics, [(one.code, one.span, one.sentence.en) for one in found.diagnostics[:3]]
        lines = len(file.read_text(encoding="utf-8").splitlines())
        compare(
            f"check of one document of {lines:,} lines, in s (lower)", [file], lambda: read_library([file], registry, [workflows]), "< 1"
        )
    shipped = find_documents([workflows])
    compare(
        f"check of all {len(shipped)} shipped processes, in s (lower)", shipped, lambda: read_library(shipped, registry, [workflows]), "< 5"
    )


def compare(what: str, files: Sequence[Path], check: Callable[[], object], wanted: str) -> None:
    """Both in turn, nothing remembered from the turn before."""
    texts = [file.read_text(encoding="utf-8") for file in files]
    ours, floor = [], []
    for _ in range(TURNS):
        forget()
        ours.append(seconds(check))
        floor.append(seconds(lambda: [list(events(text)) for text in texts]))
    show("P7", what, median(ours), wanted)
    show(
        "P7",
        "the same, times the bare reading of its YAML (lower)",
        median(mine / bare for mine, bare in zip(ours, floor, strict=True)),
        "–",
    )


def forget() -> None:
    """Empties every cache: a check is made once in the life of a process."""
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper):
            each.cache_clear()


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
