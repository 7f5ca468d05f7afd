"""A token is good for what its holder may do at that instant, within its scope, until it expires or is revoked."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest

from engine.core.command import OpenCase
from engine.errors import AftercareError, Misuse, Unauthenticated, Unknown
from engine.runtime import staffing
from engine.runtime.caller import Key
from engine.runtime.tokens import LONGEST, Made, Wish
from roles.scope import WHOLE, Scope
from tests.runtime.company import TICKET, WORKFLOW, Company, granted, refused

DAY = timedelta(days=1)


@pytest.fixture
def desk(company: Company) -> Company:
    """The company, with a service for its first shop."""
    staffing.add_person(company.app.database, "till", "样例收银台", kind="service")
    return company


def make(desk: Company, holder: str = "till", scope: Scope = WHOLE, **more: object) -> Made:
    """A token of the usual kind, but for what is said."""
    return desk.app.tokens.make(Wish(holder, "收银台", scope, **more), by="os:owner")  # type: ignore[arg-type]


def code_of(desk: Company, secret: str, person: str | None = None) -> str:
    """The code of the error that a request with this text meets, which must be one."""
    with pytest.raises(AftercareError) as met:
        desk.app.tokens.admit(secret, person)
    return met.value.code


def test_its_holder_acts_by_it_and_both_are_recorded(desk: Company) -> None:
    made = make(desk, "cai")

    admitted = desk.app.tokens.admit(made.secret)
    answer = granted(desk.app.cases.open(WORKFLOW, OpenCase("receive", TICKET), admitted.caller))

    entry = desk.history(answer.outcome.number)[0]
    assert (entry.door, entry.principal, entry.event.actor) == ("api", f"token:{made.token.id}/cai", "cai")


def test_its_scope_narrows_what_the_holder_may(desk: Company) -> None:
    elsewhere = make(desk, "cai", Scope(units=frozenset({"shop-2"})))
    caller = desk.app.tokens.admit(elsewhere.secret).caller

    assert refused(desk.app.cases.open(WORKFLOW, OpenCase("receive", TICKET), caller)) == {"not_authorised"}


def test_only_a_service_may_act_for_a_person_who_is_there(desk: Company) -> None:
    made, alone = make(desk, for_people=True), make(desk)
    staffing.disable(desk.app.database, "rao", at=desk.app.time.now())

    caller = desk.app.tokens.admit(made.secret, "cai").caller

    assert (caller.person, caller.provenance.principal) == ("cai", f"token:{made.token.id}/till")
    assert [code_of(desk, made.secret, each) for each in ("rao", "nobody")] == ["forbidden", "forbidden"]
    assert code_of(desk, alone.secret, "cai") == "forbidden"
    assert desk.app.tokens.admit(alone.secret, "till").caller.person == "till"
    with pytest.raises(Misuse):
        make(desk, "cai", for_people=True)


def test_what_is_over_or_was_never_is_met_with_the_same_words(desk: Company) -> None:
    made, revoked, short = make(desk), make(desk), make(desk, lasts=DAY)
    other = make(desk)
    desk.app.tokens.revoke(revoked.token.id)
    desk.app.tokens.admit(short.secret)
    desk.app.move_time(desk.app.time.now() + DAY)
    wrong = f"aftercare_{made.token.id}_{other.secret.split('_', 2)[2]}"
    met = []
    for secret in (
        revoked.secret,
        short.secret,
        wrong,
        f"{made.secret}x",
        "aftercare_00000000_" + "x" * 43,
        "aftercare__x",
        "till",
        "",
        "_" * 99,
        made.token.hash,
    ):
        with pytest.raises(Unauthenticated) as error:
            desk.app.tokens.admit(secret)
        met.append((error.value.sentence, error.value.way_out))

    assert desk.app.tokens.admit(made.secret).token.id == made.token.id
    assert len(set(met)) == 1


def test_a_holder_who_is_disabled_is_nobody_at_once(desk: Company) -> None:
    made = make(desk)
    desk.app.tokens.admit(made.secret)

    staffing.disable(desk.app.database, "till", at=desk.app.time.now())

    assert code_of(desk, made.secret) == "unauthenticated"


def test_its_secret_is_not_kept(desk: Company) -> None:
    made = make(desk)

    assert made.secret.split("_", 2)[2] not in str(desk.tables())
    assert made.secret not in repr(desk.app.tokens.admit(made.secret))


def test_an_id_that_comes_twice_is_given_once(desk: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = iter(["0a1b2c3d", "0a1b2c3d", "4e5f6071"])
    monkeypatch.setattr(secrets, "token_hex", lambda _: next(ids))

    made = [make(desk), make(desk)]

    assert [each.token.id for each in made] == ["0a1b2c3d", "4e5f6071"]
    assert [desk.app.tokens.admit(each.secret).token for each in made] == [each.token for each in made]


def test_its_use_is_noted_now_and_then(desk: Company) -> None:
    made, began = make(desk), desk.app.time.now()
    desk.app.tokens.admit(made.secret)
    desk.app.move_time(began + timedelta(minutes=9))
    desk.app.tokens.admit(made.secret)
    first = desk.app.tokens.known()[0].used_at
    desk.app.move_time(began + timedelta(minutes=10))
    desk.app.tokens.admit(made.secret)

    assert (first, desk.app.tokens.known()[0].used_at) == (began, began + timedelta(minutes=10))


def test_keys_belong_to_the_holder_and_survive_a_change_of_token(desk: Company) -> None:
    old, new, other = make(desk, "cai"), make(desk, "cai"), make(desk)

    assert [desk.app.tokens.admit(each.secret).key("k-1") for each in (old, new, other)] == [
        Key("token:cai", "k-1"),
        Key("token:cai", "k-1"),
        Key("token:till", "k-1"),
    ]


@pytest.mark.parametrize(
    ("holder", "scope", "lasts", "title", "error"),
    [
        pytest.param("tell", WHOLE, DAY, "a", Unknown, id="nobody"),
        pytest.param("till", Scope(units=frozenset({"shop-3"})), DAY, "a", Unknown, id="no such unit"),
        pytest.param("till", WHOLE, timedelta(), "a", Misuse, id="no time at all"),
        pytest.param("till", WHOLE, LONGEST + DAY, "a", Misuse, id="too long"),
        pytest.param("till", WHOLE, DAY, " ", Misuse, id="without a title"),
        pytest.param("till", WHOLE, DAY, "x" * 81, Misuse, id="with a title that no list holds"),
    ],
)
def test_what_can_be_no_token_is_not_made(
    desk: Company, holder: str, scope: Scope, lasts: timedelta, title: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        desk.app.tokens.make(Wish(holder, title, scope, lasts=lasts), by="os:owner")

    assert desk.app.tokens.known() == []


def test_revoking_acts_once(desk: Company) -> None:
    made = make(desk)

    assert [desk.app.tokens.revoke(made.token.id) for _ in range(2)] == [True, False]
    with pytest.raises(Unknown):
        desk.app.tokens.revoke("00000000")


def test_a_token_can_be_used_while_its_use_cannot_be_noted(desk: Company) -> None:
    made, (lock, unlock) = make(desk), LOCKS[desk.app.database.dialect]
    with desk.app.database.write() as connection:
        connection.exec_driver_sql(lock)

    admitted = desk.app.tokens.admit(made.secret)

    assert (admitted.caller.person, desk.app.tokens.known()[0].used_at) == ("till", None)
    with desk.app.database.write() as connection:
        connection.exec_driver_sql(unlock)


LOCKS = {
    "sqlite": ("CREATE TRIGGER locked BEFORE UPDATE ON tokens BEGIN SELECT RAISE(ABORT, 'locked'); END", "DROP TRIGGER locked"),
    "postgresql": ("ALTER TABLE tokens ADD CONSTRAINT locked CHECK (used_at IS NULL)", "ALTER TABLE tokens DROP CONSTRAINT locked"),
}
