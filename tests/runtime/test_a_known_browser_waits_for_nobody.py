"""Whoever knows a name keeps it waiting, but not where its owner has signed in before: a browser that is known has a count of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from engine.errors import Unauthenticated
from engine.runtime import staffing
from engine.runtime.accounts import KNOWN, SHARED, Throttled
from engine.runtime.throttle import FREE, PER_ADDRESS
from engine.store.schema import sessions
from tests.runtime.accounting import HERE, NEW, PASSWORD, Door, counting_hashes, door_of, give, quick_hashing
from tests.runtime.company import Company, caller

FAR = "198.51.100.7"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Hashes take no time."""
    with quick_hashing():
        yield


@pytest.fixture
def door(company: Company) -> Door:
    """The company, where Cai and Cui have a password."""
    for person in ("cai", "cui"):
        give(company.app, person)
    return door_of(company.app)


def attack(door: Door, person: str = "cai") -> None:
    """Somebody far away tries until the name waits."""
    for number in range(FREE):
        door.refuses(person, "wrong", f"203.0.113.{number}")
    assert isinstance(door.refuses(person, "wrong", "203.0.113.99"), Throttled)


def looked_at(door: Door, tries: int, person: str = "cai", kept: tuple[str, ...] = (), address: str = FAR) -> int:
    """So many tries with a wrong password, of which so many were looked at."""
    with counting_hashes() as done:
        for _ in range(tries):
            door.refuses(person, "wrong", address, kept)
    return done.count("verify")


def test_whoever_has_signed_in_there_before_signs_in_whatever_others_try(door: Door) -> None:
    kept = door.sign_in().kept
    for number in range(PER_ADDRESS):  # somebody at the same address, too
        door.refuses(f"name-{number}", "x")
    for _ in range(3):
        attack(door)
        assert isinstance(door.refuses("cai", PASSWORD, FAR), Throttled)
        kept = door.sign_in("cai", PASSWORD, HERE, kept).kept  # and at another address as well
        door.wait(hours=1)


def test_who_signs_in_where_he_is_known_gives_the_others_no_more_tries(door: Door) -> None:
    kept = door.sign_in().kept
    attack(door)
    door.sign_in("cai", PASSWORD, HERE, kept)
    assert looked_at(door, 3) == 0


def test_tries_in_a_known_browser_count_there_alone(door: Door) -> None:
    kept = door.sign_in().kept
    assert looked_at(door, FREE + 3, kept=kept) == FREE
    assert isinstance(door.refuses("cai", PASSWORD, FAR, kept), Throttled)
    assert looked_at(door, FREE + 3) == FREE  # the name itself had all of its own

    door.wait(seconds=30)
    kept = door.sign_in("cai", PASSWORD, FAR, kept).kept
    assert looked_at(door, FREE + 3, kept=kept) == FREE


def test_a_browser_is_known_for_those_who_have_signed_in_there_and_nobody_else(door: Door) -> None:
    kept = door.sign_in("cai").kept
    kept = door.sign_in("cui", kept=kept).kept
    for person in ("cai", "cui", "rui", "nobody"):
        attack(door, person)
    assert isinstance(door.refuses("rui", "x", kept=kept), Throttled)
    assert isinstance(door.refuses("nobody", "x", kept=kept), Throttled)
    for person in ("cai", "cui", "cai"):
        kept = door.sign_in(person, kept=kept).kept
    assert len(kept) == 2


def test_what_a_browser_kept_is_good_until_the_next_time(door: Door) -> None:
    first = door.sign_in().kept
    second = door.sign_in(kept=first).kept
    attack(door)
    assert isinstance(door.refuses("cai", PASSWORD, kept=first), Throttled)
    door.sign_in(kept=second)


def test_nobody_is_known_by_what_he_has_made_up(door: Door) -> None:
    signed_in = door.sign_in()
    attack(door)
    for kept in ((signed_in.secret,), (signed_in.session.id,), ("",), ("x" * 4_000,), tuple(f"guess-{number}" for number in range(500))):
        assert isinstance(door.refuses("cai", PASSWORD, FAR, kept), Throttled)
    assert door.accounts.recognise(signed_in.kept[0]) is None  # and it opens no door


def give_anew(door: Door) -> None:
    """Cai chooses another password, in another browser."""
    door.accounts.change(door.sign_in(address=FAR).session, PASSWORD, NEW)


def disable(door: Door) -> None:
    """Cai is disabled, and comes back."""
    staffing.disable(door.app.database, "cai", at=door.clock.now())
    staffing.add_person(door.app.database, "cai", "样例受理01")


ENDS: tuple[Callable[[Door], object], ...] = (
    give_anew,
    disable,
    lambda door: door.accounts.renew("cai", caller(None)),
    lambda door: door.accounts.end("cai"),
    lambda door: door.wait(seconds=KNOWN.total_seconds()),
)


@pytest.mark.parametrize("is_left", [False, True], ids=["signed in", "signed out"])
def test_another_password_signing_out_everywhere_being_disabled_and_time_make_a_browser_unknown(door: Door, is_left: bool) -> None:
    for ended in ENDS:
        signed_in = door.sign_in()
        if is_left:
            door.accounts.sign_out(signed_in.session)
        ended(door)
        give(door.app, "cai")
        attack(door)
        assert isinstance(door.refuses("cai", PASSWORD, HERE, signed_in.kept), Throttled)
        door.wait(days=2)


def test_whoever_signs_out_stays_known_and_whom_he_signs_out_elsewhere_does_not(door: Door) -> None:
    left, other, here, one = door.sign_in(), door.sign_in(), door.sign_in(), door.sign_in()
    door.accounts.sign_out(left.session)
    door.accounts.end("cai", only=one.session.id)
    attack(door)
    assert isinstance(door.refuses("cai", PASSWORD, HERE, one.kept), Throttled)
    left = door.sign_in(kept=left.kept)
    door.accounts.sign_out(left.session)
    door.accounts.end("cai", besides=here.session.id)
    for kept in (left.kept, other.kept):
        assert isinstance(door.refuses("cai", PASSWORD, HERE, kept), Throttled)
    door.sign_in(kept=here.kept)


def test_the_browser_in_which_a_password_was_changed_is_known_and_so_are_the_others_who_share_it(door: Door) -> None:
    before = door.sign_in("cui").kept
    signed_in = door.sign_in("cai", kept=before)
    changed = door.accounts.change(signed_in.session, PASSWORD, NEW, signed_in.kept)
    for person in ("cai", "cui"):
        attack(door, person)
    kept = door.sign_in("cai", NEW, kept=changed.kept).kept
    door.sign_in("cui", kept=kept)


def test_a_password_is_changed_whatever_others_try(door: Door) -> None:
    session = door.sign_in().session
    attack(door)
    with pytest.raises(Unauthenticated):
        door.accounts.change(session, "wrong", NEW)
    door.accounts.change(session, PASSWORD, NEW)


def test_only_so_many_browsers_are_known_and_so_many_people_in_one(door: Door) -> None:
    first = door.sign_in().kept
    for _ in range(12):
        door.wait(minutes=1)
        last = door.sign_in().kept
    attack(door)
    assert isinstance(door.refuses("cai", PASSWORD, HERE, first), Throttled)
    kept = door.sign_in(kept=last).kept
    for number in range(SHARED):
        staffing.add_person(door.app.database, f"new-{number}", "样例前台09")
        give(door.app, f"new-{number}")
        kept = door.sign_in(f"new-{number}", kept=kept).kept
    assert len(kept) == SHARED
    assert isinstance(door.refuses("cai", PASSWORD, HERE, kept), Throttled)


def test_what_is_known_no_more_is_forgotten(door: Door) -> None:
    door.sign_in()
    door.wait(days=8)
    door.sign_in("cui")
    assert _rows(door) == 2
    door.wait(seconds=KNOWN.total_seconds())
    door.sign_in("cui")
    assert _rows(door) == 1


def _rows(door: Door) -> int:
    with door.app.database.read() as reader:
        found: int = reader.connection.execute(select(func.count()).select_from(sessions)).scalar_one()
    return found
