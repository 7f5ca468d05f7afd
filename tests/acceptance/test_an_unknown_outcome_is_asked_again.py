"""The wire is cut with the commit or with its answer: the program says that it does not know, and the repeated request has one effect.

PostgreSQL only (reliability bar 4): between a program and its file there is no wire.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy.engine import make_url

from engine.errors import Unavailable
from engine.runtime.answer import Answer
from engine.runtime.caller import Key
from tests.acceptance.proxy import Moment, Proxy, proxied
from tests.runtime.company import Company, found, granted, open_company

pytestmark = pytest.mark.reliability


@pytest.fixture
def wire(postgresql_url: str) -> Iterator[tuple[str, Proxy]]:
    """The URL of a founded company behind a wire, and the wire."""
    found(postgresql_url)
    url = make_url(postgresql_url)
    with tempfile.TemporaryDirectory(prefix="aftercare-") as folder, proxied(Path(folder), Path(str(url.query["host"]))) as proxy:
        yield f"postgresql+psycopg://postgres@/{url.database}?host={quote(folder)}", proxy


def open_one(company: Company, turn: int) -> Answer:
    """An opening with a key."""
    return company.open(imei=f"0010180{turn:08}", key=Key("cli", f"open-{turn}"))


def move_one(company: Company, turn: int) -> Answer:
    """A move with a key."""
    return company.fire(f"DR26-{turn:04}", "take", "rui", expect=1, key=Key("cli", f"move-{turn}"))


def endure(wire: tuple[str, Proxy], moment: Moment, turns: int) -> None:
    """Cut an opening and a move, again and again; ask again each time and look at what came of it."""
    url, proxy = wire
    with open_company(url) as company:
        for turn in range(1, turns + 1):
            for act, words in ((open_one, (b"INTO counters", b"COMMIT")), (move_one, (b"WITH moved",))):
                proxy.cut_at(*words, moment=moment)
                with pytest.raises(Unavailable, match="not known whether") as caught:
                    act(company, turn)
                assert caught.value.way_out is not None
                assert "same key" in caught.value.way_out.en
                again = granted(act(company, turn))
                assert again.repeated == (moment == "answer")
            assert [entry.kind for entry in company.history(f"DR26-{turn:04}")] == ["opened", "moved"]
        assert proxy.cuts == 2 * turns
        assert company.prove() == turns
    print(f"{proxy.cuts} commits cut with the {moment}: every one said to be unknown, double effects 0")


@pytest.mark.parametrize("moment", ["request", "answer"])
def test_a_cut_commit_is_unknown_and_the_repeated_request_has_one_effect(wire: tuple[str, Proxy], moment: Moment) -> None:
    endure(wire, moment, 20)


@pytest.mark.full
@pytest.mark.parametrize("moment", ["request", "answer"])
def test_two_thousand_cut_commits_have_one_effect_each(wire: tuple[str, Proxy], moment: Moment) -> None:
    endure(wire, moment, 500)
