"""Clients race over HTTP for one revision, and for one device: one wins, the others learn how it stands (reliability bar 22)."""

from __future__ import annotations

from collections import Counter as Count
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.acceptance.test_requests_come_twice_and_late import UNBOUNDED
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import found
from tests.web.counter import Counter, open_counter, ticket

CLIENTS = 16


@pytest.mark.reliability
def test_of_sixteen_one_wins_500_tries(database_url: str, told: Tell) -> None:
    raced(database_url, 24, told)


@pytest.mark.full
def test_of_sixteen_one_wins_10_000_tries(database_url: str, told: Tell) -> None:
    raced(database_url, 500, told)


def raced(url: str, races: int, told: Tell) -> None:
    """So many races for a revision of one case, and a third as many for a device that may be in one open case only."""
    run = Run(22, store_of(url), figures={"clients": CLIENTS, "races": races, "scarce": races // 3})
    found(url)
    with open_counter(url, UNBOUNDED) as counter, counter.client, ThreadPoolExecutor(CLIENTS) as pool:
        number = counter.receive(0)
        revision = int(counter.post(f"/cases/{number}/transitions/take", who="rui").headers["etag"].strip('"'))
        race = Race(counter, pool)
        for place in range(races):
            statuses, tags = race.run(f"/cases/{number}/transitions/note", {"data": {"work": f"第 {place} 次"}}, "rui", f'"{revision}"')
            revision += 1
            race.judge(statuses, {200: 1, 412: CLIENTS - 1})
            race.judge(tags, {f'"{revision}"': CLIENTS})
        for place in range(races // 3):
            statuses, _ = race.run("/cases", ticket(1 + place), "cai", None)
            race.judge(statuses, {201: 1, 409: CLIENTS - 1})
        lost = counter.company.case(number).seq - 2 - races
        run.figures |= {"lost_updates": -lost, "lock_errors": race.errors}
        told(run, race.sent, len(race.violations) + abs(lost) + race.errors)
        assert race.violations[:3] == []
        assert (lost, race.errors) == (0, 0)


class Race:
    """Lets all clients go at once, and notes whatever does not end as it must."""

    def __init__(self, counter: Counter, pool: ThreadPoolExecutor) -> None:
        self._counter = counter
        self._pool = pool
        self._barrier = Barrier(CLIENTS)
        self.violations: list[str] = []
        self.sent = self.errors = 0

    def run(self, path: str, body: dict[str, Any], who: str, tag: str | None) -> tuple[Count[int], Count[str]]:
        """The statuses and the entity tags of the answers."""
        self._counter.token(who)
        headers = {"If_Match": tag} if tag is not None else {}

        def go(_: int) -> Any:
            self._barrier.wait()
            return self._counter.post(path, body, who=who, **headers)

        answers = list(self._pool.map(go, range(CLIENTS)))
        self.sent += len(answers)
        self.errors += sum(each.status_code >= 500 for each in answers)
        return Count(each.status_code for each in answers), Count(each.headers.get("etag", "") for each in answers)

    def judge(self, found: Count[Any], wanted: dict[Any, int]) -> None:
        """Whether it ended so."""
        if found != wanted:
            self.violations.append(f"expected {wanted}, found {dict(found)}")
