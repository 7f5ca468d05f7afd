"""Requests over HTTP are repeated, in parallel, late, out of order, altered and by others: each key has one effect (reliability bar 21)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from engine.runtime.budget import Rate
from tests.postgresql import patient
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import found
from tests.web.counter import Counter, open_counter, ticket
from web.limits import Limits

CLIENTS = 8
UNBOUNDED = Limits(per_token=Rate(1e6, 1_000_000))


@dataclass(frozen=True, slots=True)
class Wished:
    """A request under a key: how it is sent, as it is or with another body."""

    key: str
    path: str
    body: dict[str, Any] = field(hash=False)
    altered: dict[str, Any] = field(hash=False)

    def send(self, counter: Counter, *, altered: bool = False, who: str = "cai") -> Any:
        return counter.post(self.path, self.altered if altered else self.body, who=who, Idempotency_Key=self.key)


@pytest.mark.reliability
def test_each_of_500_keys_has_one_effect(database_url: str, told: Tell) -> None:
    repeated(patient(database_url), 500, told)


@pytest.mark.full
def test_each_of_20_000_keys_has_one_effect(database_url: str, told: Tell) -> None:
    repeated(patient(database_url), 20_000, told)


def repeated(url: str, keys: int, told: Tell) -> None:
    """Half of the keys open cases, half remark upon them; then all of them come again, unlike and by others."""
    run = Run(21, store_of(url), seed=random.randrange(2**32), figures={"keys": keys, "clients": CLIENTS})
    chance = random.Random(run.seed)
    found(url)
    with open_counter(url, UNBOUNDED) as counter, counter.client, ThreadPoolExecutor(CLIENTS) as pool:
        storm = Storm(counter, chance, pool.map)
        opened = storm.strike([Wished(f"open-{each}", "/cases", ticket(each), ticket(each, symptom="花屏")) for each in range(keys // 2)])
        numbers = sorted(answer["number"] for answer in opened.values())
        remarks = [
            Wished(f"remark-{number}", f"/cases/{number}/comments", {"text": "客户催促"}, {"text": "客户来电"}) for number in numbers
        ]
        storm.strike(remarks)
        storm.come_late()
        effects = [len(counter.company.history(number)) for number in numbers]
        wrong = sum(each != 2 for each in effects) + abs(len(set(numbers)) - keys // 2) + len(storm.violations)
        run.faults = storm.repeats
        run.figures |= {"effects_per_key": round(sum(effects) / keys, 4), "key_leaks": storm.leaks}
        told(run, storm.sent, wrong + storm.leaks)
        assert storm.violations[:3] == []
        assert (storm.leaks, set(effects), len(set(numbers))) == (0, {2}, keys // 2)


class Storm:
    """Sends everything several times, and notes whatever is not answered as it must be."""

    def __init__(self, counter: Counter, chance: random.Random, at_once: Callable[..., Any]) -> None:
        self._counter = counter
        self._chance = chance
        self._at_once = at_once
        self._first: dict[Wished, bytes] = {}
        self.violations: list[str] = []
        self.sent = self.repeats = self.leaks = 0

    def strike(self, wishes: Sequence[Wished]) -> dict[str, Any]:
        """Each wish up to five times, all mixed up, from several clients at once; the answer to each key."""
        copies = [each for each in wishes for _ in range(self._chance.randint(1, 5))]
        self._chance.shuffle(copies)
        self.repeats += len(copies) - len(wishes)
        by_key: dict[Wished, list[Any]] = {each: [] for each in wishes}
        for each, answer in zip(copies, self._sent(copies, lambda each: each.send(self._counter)), strict=True):
            by_key[each].append(answer)
        for each, answers in by_key.items():
            self._first[each] = answers[0].content
            fresh = sum("idempotency-replayed" not in answer.headers for answer in answers)
            if fresh != 1 or len({answer.content for answer in answers}) != 1 or any(not answer.is_success for answer in answers):
                self.violations.append(f"{each.key}: {fresh} times, {[answer.text[:100] for answer in answers]}")
        return {each.key: answers[0].json() for each, answers in by_key.items()}

    def come_late(self) -> None:
        """After all else has happened: the same again, something else, and somebody else under the same key."""
        wishes = list(self._first)
        self._chance.shuffle(wishes)
        for each, again in zip(wishes, self._sent(wishes, lambda each: each.send(self._counter)), strict=True):
            if again.content != self._first[each] or "idempotency-replayed" not in again.headers:
                self.violations.append(f"{each.key} again: {again.text[:100]}")
        for each, other in zip(wishes, self._sent(wishes, lambda each: each.send(self._counter, altered=True)), strict=True):
            if (other.status_code, other.json()["code"]) != (422, "key_reused"):
                self.violations.append(f"{each.key} altered: {other.text[:100]}")
        strangers = self._sent(wishes, lambda each: each.send(self._counter, who="cui"))
        self.leaks = sum("idempotency-replayed" in each.headers or each.is_success for each in strangers)

    def _sent(self, wishes: Sequence[Wished], send: Callable[[Wished], Any]) -> list[Any]:
        self.sent += len(wishes)
        return list(self._at_once(send, wishes))
