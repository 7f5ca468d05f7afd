"""Death at a boundary: a process killed before or after the n-th statement of a command, until one comes to its end unharmed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from engine.app import Application
from engine.runtime.answer import Answer
from tests.rig.child import Child
from tests.runtime.company import Company, granted, settings
from tests.runtime.statements import watched

Act = Callable[[Company], Answer]


class Boundary:
    """Counts what it is told of, once armed, and ends the process at the one it stands for."""

    def __init__(self, place: int) -> None:
        self.left = place
        self.armed = False

    def passed(self, _: str) -> None:
        self.left -= self.armed
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def survives(url: str, rehearsed: Act, act: Act, place: int) -> bool:
    """Whether a process that carries out the command gets past its end, with death waiting at this boundary.

    It is rehearsed first, so that definitions and staff are in memory: what is counted is the command itself.
    """

    def work() -> None:
        boundary = Boundary(place)
        with watched(boundary.passed, boundary.passed):
            company = Company(Application.open(settings(url)))
            granted(rehearsed(company))
            boundary.armed = True
            granted(act(company))
            boundary.passed("done, but nobody has heard of it")

    return Child.at(work).survived()
