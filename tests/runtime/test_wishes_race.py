"""Many callers at once: one effect for each wish granted, the others told why not, nothing lost (reliability bar 21, 22)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from engine.app import Application
from engine.core.command import Fire, Undo
from engine.runtime.answer import Answer, Granted
from engine.runtime.caller import Key
from engine.runtime.publishing import publish
from engine.store import people
from roles.staff import Person, Unit
from tests.rig.sharing import Sharing
from tests.runtime.company import DOCUMENT, OTHER_IMEI, START, Company, caller, checked, granted, refused, settings
from tests.runtime.household import fetched, publish_family

T = TypeVar("T")


def at_once(wishes: Sequence[Callable[[], T]]) -> list[T]:
    """Every wish in a thread of its own, all let go together; what they answered."""
    barrier = Barrier(len(wishes))

    def run(wish: Callable[[], T]) -> T:
        barrier.wait(30)
        return wish()

    with ThreadPoolExecutor(len(wishes)) as pool:
        return list(pool.map(run, wishes))


def sorted_out(answers: Sequence[Answer]) -> tuple[list[Granted], list[set[str]]]:
    """The grants, and the codes of each refusal."""
    return [each for each in answers if isinstance(each, Granted)], [refused(each) for each in answers if not isinstance(each, Granted)]


def test_of_sixteen_who_move_one_case_at_one_revision_one_wins(company: Company) -> None:
    number = company.opened()
    people = ["rui", "ren", "hua", "rui"] * 4
    won, lost = sorted_out(at_once([lambda person=person: company.fire(number, "take", person, expect=1) for person in people]))  # type: ignore[misc]
    assert len(won) == 1
    assert all(codes == {"stale", "not_available"} for codes in lost)
    case = company.case(number)
    assert (case.seq, case.revision, len(company.history(number))) == (2, 2, 2)
    assert won[0].case == case


def test_no_move_is_lost_when_nobody_names_a_revision(company: Company) -> None:
    number = company.opened()
    granted(company.fire(number, "take", "rui"))
    answers = at_once([lambda text=f"第{turn}次": company.fire(number, "note", "rui", work=text) for turn in range(4)])  # type: ignore[misc]
    won, lost = sorted_out(answers)
    assert (len(won), lost) == (4, [])
    assert sorted(each.outcome.seq for each in won) == [3, 4, 5, 6]
    assert company.case(number).seq == 6


def test_two_programs_agree_who_was_first(company: Company, company_url: str) -> None:
    number = company.opened()
    with Application.open(settings(company_url)) as other:
        doors = [company.app, other] * 3
        wish = Fire("take", expect=1)
        won, lost = sorted_out(at_once([lambda app=app: app.cases.handle(number, wish, caller("rui")) for app in doors]))  # type: ignore[misc]
    assert (len(won), len(lost)) == (1, 5)


def test_a_duplicate_in_flight_waits_and_gets_the_same_outcome(company: Company) -> None:
    number = company.opened()
    before = len(company.history(number))
    moves = at_once([lambda: granted(company.fire(number, "take", "rui", key=Key("cli", "move")))] * 4)
    openings = at_once([lambda: granted(company.open(imei=OTHER_IMEI, key=Key("cli", "open")))] * 4)
    for answers in (moves, openings):
        assert len({each.outcome.text() for each in answers}) == 1
        assert [each.repeated for each in answers].count(False) == 1
    assert len(company.history(number)) == before + 1
    assert company.prove() == 2


def test_one_of_two_openings_of_the_same_device_is_refused(company: Company) -> None:
    won, lost = sorted_out(at_once([lambda: company.open("cai"), lambda: company.open("cui")]))
    assert (len(won), lost) == (1, [{"duplicate"}])
    assert company.prove() == 1


def test_numbers_are_given_once_and_without_a_gap(company: Company) -> None:
    imeis = [f"0010170000{turn:05}" for turn in range(32)]

    def take_four(first: int) -> list[str]:
        return [company.opened(imei=imei) for imei in imeis[first : first + 4]]

    numbers = [number for each in at_once([lambda first=first: take_four(first) for first in range(0, 32, 4)]) for number in each]  # type: ignore[misc]
    assert sorted(numbers) == [f"DR26-{turn:04}" for turn in range(1, 33)]


def test_a_crowd_that_finds_the_staff_changed_is_served_without_waiting_for_itself(company: Company) -> None:
    number = company.opened()
    with company.app.database.write() as connection:
        people.save_unit(connection, Unit("shop-3", people.all_units(connection)[0].title, "main"))
        people.save_person(connection, Person("new", "样例工程师09"))
    answers = at_once([lambda: company.fire(number, "take", "rui", expect=1)] * 40)
    won, lost = sorted_out(answers)
    assert (len(won), len(lost)) == (1, 39)
    assert company.case(number).last_at == START


def test_a_parent_never_ends_as_a_child_that_must_end_first_is_reopened(company: Company) -> None:
    publish_family(company)
    for _ in range(6):
        number, (_, loan) = fetched(company, pieces=2, loan=1)
        granted(company.fire(loan, "issue", "rui", handed=1))
        won, _ = sorted_out(at_once([lambda: company.fire(loan, "back", "ren"), lambda: company.fire(number, "drop", "cai")]))  # noqa: B023
        ended, is_open = company.case(number).outcome is not None, company.case(loan).outcome is None
        assert (len(won), ended != is_open) == (1, True)


def test_sixty_four_at_once_lose_nothing_and_wait_for_nobody_for_ever(company: Company) -> None:
    numbers = [company.opened(imei=f"0010180{place:08}") for place in range(16)]
    for number in numbers:
        granted(company.fire(number, "take", "rui"))
    wishes = [lambda place=place: company.fire(numbers[place % 16], "note", "rui", work=f"{place}") for place in range(64)]
    won, lost = sorted_out(at_once(wishes))
    assert (len(won), lost) == (64, [])
    for number in numbers:
        assert sorted(each.outcome.seq for each in won if each.outcome.number == number) == [3, 4, 5, 6]
        assert [entry.seq for entry in company.history(number)] == [1, 2, 3, 4, 5, 6]


def test_an_undo_that_waits_behind_a_step_takes_back_that_step(company: Company) -> None:
    undoable = DOCUMENT.replace("version: 1\n", "version: 2\nundo: 10m\n", 1)
    publish(company.app.database, [checked(undoable)], "os:owner", START)
    number = company.opened()
    granted(company.fire(number, "take", "rui"))
    wishes = [Fire("finish", {"work": "更换", "fee": "1"}), Undo("点错")]
    works = [lambda unit, wish=wish: company.app.cases.perform(unit, number, wish, caller("rui")) for wish in wishes]
    if company.app.database.dialect == "sqlite":  # on a server nobody waits: the later one decides again
        finished, taken_back = Sharing(company.app.database).together(*works)
        assert (granted(finished.result()).outcome.seq, granted(taken_back.result()).outcome.seq) == (3, 4)
    assert company.case(number).state == "repairing"
