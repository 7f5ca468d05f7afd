"""Definitions from elsewhere are checked in a process of their own, which is ended when it takes too long or too much memory.

A document may be made to be hard to check: a proof that never ends must not hold up those who move cases. Nothing of the web is imported
here, so that such a process begins quickly.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BoundedSemaphore

from engine.authoring.diagnostic import arranged, has_errors
from engine.authoring.library import Library
from engine.authoring.organisation import read_roles
from engine.authoring.staffed import check_staff
from engine.authoring.submission import check_texts
from engine.errors import AftercareError, Misuse, Unavailable
from engine.label import Label
from engine.representation.checked import CheckedAllObject, of_library
from roles.roster import Roster

WITHIN = 20
"""Seconds of a processor that a check may take, the start of its process included."""
PATIENCE = 6
"""How many times as long one waits for it: a machine that does much else besides makes no definition complex."""
AT_ONCE = 2
"""Checks that run at the same time."""
MEMORY = 1 << 30
"""Bytes that the process may ask for."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be checked, and against what: see `engine.authoring.submission`; nobody's people where `roster` has none."""

    texts: Mapping[str, str]
    published: Mapping[str, str]
    roles: tuple[Path, ...]
    folders: tuple[Path, ...]
    roster: Roster
    at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds and what does not. `library` is what may be published."""

    library: Library
    told: CheckedAllObject
    is_sound: bool


@dataclass(frozen=True, slots=True)
class _Failed:
    """An error on its way between processes."""

    kind: type[AftercareError]
    sentence: Label
    way_out: Label | None


class Checker:
    """Checks in processes of their own; safe to share between threads."""

    def __init__(self, within: int = WITHIN, at_once: int = AT_ONCE) -> None:
        self._within = within
        self._free = BoundedSemaphore(at_once)

    def check(self, order: Order) -> CheckedAllObject:
        """What holds and what does not. Raises Unavailable while others check, Misuse for what cannot be checked in time."""
        if not self._free.acquire(blocking=False):
            raise Unavailable(
                Label("正在检查其他流程。", "Other definitions are being checked."), Label("请稍后再试。", "Try again a little later.")
            )
        try:
            return self._ended(order)
        finally:
            self._free.release()

    def _ended(self, order: Order) -> CheckedAllObject:
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_work, args=(theirs, order, self._within), daemon=True)
        process.start()
        theirs.close()
        try:
            answer = ours.recv() if ours.poll(self._within * PATIENCE) else None
        except EOFError:
            answer = None  # it ended without a word
        finally:
            process.kill()
            process.join()
            process.close()
            ours.close()
        if isinstance(answer, _Failed):
            raise answer.kind(answer.sentence, answer.way_out)
        if answer is None:
            sentence = Label(
                "流程过于复杂，{seconds} 秒内未能检查完。", "The definition is too complex to be checked within {seconds} seconds."
            )
            raise Misuse(sentence.fill(seconds=self._within), Label("请用“aftercare check”检查。", "Check it with “aftercare check”."))
        found: CheckedAllObject = answer
        return found


def judged(order: Order) -> Verdict:
    """The check itself, people included, as the command does it."""
    registry, found, _ = read_roles(order.roles)
    library = check_texts(order.texts, order.published, registry, order.folders)
    staffed = check_staff(library.checked, order.roster, order.at).diagnostics if order.roster.people else ()
    diagnostics = arranged([*found, *library.diagnostics, *staffed])
    return Verdict(library, of_library(library.checked, diagnostics), not has_errors(diagnostics))


def _work(answer: Connection, order: Order, within: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (within, within))
    try:
        answer.send(judged(order).told)
    except AftercareError as error:
        answer.send(_Failed(type(error), error.sentence, error.way_out))
