"""People sign in with a password; sessions end when they should, and at once when somebody sees to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import func, select

from engine.errors import Conflict, Forbidden, Misuse, Unauthenticated, Unknown
from engine.runtime import staffing
from engine.runtime.accounts import LONGEST, TEMPORARY
from engine.store import accounts
from engine.store.schema import passwords, sessions
from roles.actor import ADMINISTRATOR
from roles.assignment import Assignment
from tests.runtime.accounting import NEW, PASSWORD, QUICK, Door, counting_hashes, door_of, give, quick_hashing
from tests.runtime.company import Company, caller, registry
from tests.runtime.test_wishes_race import at_once


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Hashes take no time."""
    with quick_hashing():
        yield


@pytest.fixture
def door(company: Company) -> Door:
    """The company, where Cai has a password and Rui has none."""
    give(company.app, "cai")
    return door_of(company.app)


def kept(door: Door, person: str = "cai") -> str:
    """What is kept of a password."""
    with door.app.database.read() as reader:
        found: str = reader.connection.execute(select(passwords.c.hash).where(passwords.c.person == person)).scalar_one()
    return found


def administer(door: Door, person: str) -> None:
    """From now on this one looks after the installation."""
    now = door.clock.now()
    staffing.assign(door.app.database, registry(), Assignment(person, ADMINISTRATOR, None, now), at=now, by="os:owner")


def test_whoever_knows_the_password_is_known_by_what_the_browser_keeps(door: Door) -> None:
    signed_in = door.sign_in(" Cai ")
    known = door.accounts.recognise(signed_in.secret)

    assert known is not None
    assert (known.session, known.caller.person, known.must_change) == (signed_in.session, "cai", False)
    assert (known.caller.provenance.door, known.caller.provenance.principal) == ("web", "person:cai")
    assert len(signed_in.secret) >= 43
    assert signed_in.secret not in repr(door.accounts.sessions("cai"))
    assert door.accounts.recognise(signed_in.session.id) is None  # the database opens no door


def test_a_hash_that_is_out_of_date_is_renewed(door: Door) -> None:
    older = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=16, parallelism=1),)).hash(PASSWORD)
    with door.app.database.write() as connection:
        accounts.save_password(connection, accounts.Password("cai", older, False, door.clock.now(), "os:tester"))
    door.sign_in()

    assert QUICK.verify_and_update(PASSWORD, kept(door)) == (True, None)
    assert kept(door) != older
    door.sign_in()


def test_a_password_is_the_same_however_its_characters_are_composed(door: Door) -> None:
    give(door.app, "rui", "caf\u00e9 window lamp")
    door.sign_in("rui", "cafe\u0301 window lamp")


def test_whatever_is_wrong_is_answered_in_the_same_words_after_the_same_work(door: Door) -> None:
    for person in ("ren", "cui"):
        give(door.app, person)
    door.refuses()  # the hash that nobody has is made once
    staffing.disable(door.app.database, "ren", at=door.clock.now())
    with counting_hashes() as done:
        met = [door.refuses(*tried) for tried in (("cai", "x"), ("nobody", "x"), ("rui", "x"), ("ren", PASSWORD), ("cui", ""), ("", ""))]

    assert len({(each.sentence, each.way_out) for each in met}) == 1
    assert done == ["verify"] * len(met)


def test_a_session_ends_when_it_is_not_used_and_at_the_latest_after_a_week(door: Door) -> None:
    used, idle = door.sign_in().secret, door.sign_in().secret
    door.wait(hours=8)
    assert door.accounts.recognise(used) is not None
    door.wait(hours=8)
    assert (door.accounts.recognise(used) is None, door.accounts.recognise(idle) is None) == (False, True)
    for _ in range(LONGEST // timedelta(hours=8) - 3):
        door.wait(hours=8)
        assert door.accounts.recognise(used) is not None
    door.wait(hours=8)
    assert (door.accounts.recognise(used), door.accounts.sessions("cai")) == (None, [])


def test_whether_a_session_is_used_is_not_written_with_each_page(door: Door) -> None:
    secret = door.sign_in().secret
    began = door.clock.now()
    for _ in range(3):
        door.wait(minutes=2)
        door.accounts.recognise(secret)
    assert door.accounts.sessions("cai")[0].used_at == began + timedelta(minutes=6)


def test_sessions_that_are_over_are_forgotten(door: Door) -> None:
    for _ in range(3):
        door.sign_in()
    door.accounts.end("cai")
    door.wait(days=8)
    door.sign_in()

    with door.app.database.read() as reader:
        assert reader.connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 1


def test_somebody_ends_one_of_his_sessions_or_all_others(door: Door) -> None:
    first, second, third = (door.sign_in() for _ in range(3))

    assert door.accounts.end("cai", only=first.session.id) == 1
    assert [door.accounts.recognise(each.secret) is None for each in (first, second, third)] == [True, False, False]
    assert door.accounts.end("rui", only=second.session.id) == 0  # of others he ends none
    assert door.accounts.end("cai", besides=third.session.id) == 1
    assert [each.id for each in door.accounts.sessions("cai")] == [third.session.id]
    door.accounts.sign_out(third.session)
    assert door.accounts.recognise(third.secret) is None


def test_a_person_who_is_disabled_is_signed_in_nowhere_also_when_brought_back(door: Door) -> None:
    secret = door.sign_in().secret
    staffing.disable(door.app.database, "cai", at=door.clock.now())
    assert door.accounts.recognise(secret) is None
    door.refuses("cai", PASSWORD)

    staffing.add_person(door.app.database, "cai", "样例受理01")
    assert door.accounts.recognise(secret) is None
    door.sign_in()


def test_another_password_ends_every_session_and_begins_one(door: Door) -> None:
    elsewhere, here = door.sign_in(), door.sign_in()
    changed = door.accounts.change(here.session, PASSWORD, NEW)

    assert [door.accounts.recognise(each.secret) is None for each in (elsewhere, here, changed)] == [True, True, False]
    door.refuses("cai", PASSWORD)
    door.sign_in("cai", NEW)


def test_the_present_password_is_asked_for_and_guessed_no_more_often_than_at_the_door(door: Door) -> None:
    session = door.sign_in().session
    with counting_hashes() as done:
        for _ in range(10):
            with pytest.raises(Unauthenticated):
                door.accounts.change(session, "guess", NEW)
    assert len(done) == 5
    door.wait(minutes=1)
    door.accounts.change(session, PASSWORD, NEW)


@pytest.mark.parametrize(("new", "said"), [("password1", "easily guessed"), ("short", "8 to 128"), (PASSWORD, "is the present one")])
def test_a_new_password_that_will_not_do_changes_nothing(door: Door, new: str, said: str) -> None:
    signed_in = door.sign_in()
    with pytest.raises(Misuse, match=said):
        door.accounts.change(signed_in.session, PASSWORD, new)
    assert door.accounts.recognise(signed_in.secret) is not None


def test_a_temporary_password_is_changed_first_and_ends_after_a_week(door: Door) -> None:
    before = door.sign_in().secret
    made = door.accounts.renew("cai", caller(None))

    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", made)
    assert door.accounts.recognise(before) is None
    signed_in = door.sign_in("cai", made)
    known = door.accounts.recognise(signed_in.secret)
    assert known is not None
    assert known.must_change
    with pytest.raises(Misuse, match="is the present one"):
        door.accounts.change(signed_in.session, "", made)
    changed = door.accounts.recognise(door.accounts.change(signed_in.session, "", NEW).secret)
    assert changed is not None
    assert not changed.must_change

    made = door.accounts.renew("cai", caller(None))
    door.wait(seconds=TEMPORARY.total_seconds())
    door.refuses("cai", made)


def test_only_an_administrator_gives_a_new_password(door: Door) -> None:
    with pytest.raises(Forbidden):
        door.accounts.renew("cai", caller("rui"))
    administer(door, "rui")
    door.sign_in("cai", door.accounts.renew("cai", caller("rui")))
    with door.app.database.read() as reader:
        found = accounts.password(reader.connection, "cai")
    assert found is not None
    assert (found.set_by, found.temporary) == (caller("rui").provenance.principal, True)

    staffing.disable(door.app.database, "ren", at=door.clock.now())
    with pytest.raises(Conflict):
        door.accounts.renew("ren", caller("rui"))
    staffing.add_person(door.app.database, "till", "样例收银台", kind="service")
    for nobody in ("ca", "till"):
        with pytest.raises(Unknown):
            door.accounts.renew(nobody, caller("rui"))


@pytest.mark.parametrize("person", ["cai", "rui"])  # of whom one has a password before
def test_of_passwords_given_at_the_same_instant_the_last_one_holds(door: Door, person: str) -> None:
    made = at_once([lambda: door.accounts.renew(person, caller(None))] * 6)
    with door.app.database.read() as reader:
        found = accounts.password(reader.connection, person)
    assert found is not None
    assert [QUICK.verify(each, found.hash) for each in made].count(True) == 1


def test_a_password_that_is_given_while_another_is_looked_at_is_not_passed_by(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    verify = Argon2Hasher.verify

    def meanwhile(hasher: Argon2Hasher, password: str | bytes, hash: str | bytes) -> bool:
        found = verify(hasher, password, hash)
        give(door.app, "cai", NEW)
        return found

    monkeypatch.setattr(Argon2Hasher, "verify", meanwhile)
    door.refuses("cai", PASSWORD)
    assert door.accounts.sessions("cai") == []
