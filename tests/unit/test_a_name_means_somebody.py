"""A name as people type it: an account, a name, or both; one that several share is asked about, a wrong one answered with the nearest."""

from __future__ import annotations

import pytest

from engine.errors import Misuse, Unknown
from engine.runtime.naming import people_meant, people_near, person_named
from roles.roster import Roster
from roles.staff import Person, Staff

ROSTER = Roster(
    Staff(
        "1",
        (),
        (
            Person("tom", "样例维修01"),
            Person("li1", "样例李明"),
            Person("li2", "样例李明"),
            Person("ana", "Ana Li"),
            Person("till", "样例收银台", kind="service"),
        ),
        (),
        (),
        (),
    )
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tom", ("tom",)),
        (" Tom ", ("tom",)),
        ("样例维修01", ("tom",)),
        ("样例维修01（tom）", ("tom",)),
        ("样例维修01 (TOM)", ("tom",)),
        ("ana li", ("ana",)),
        ("样例李明", ("li1", "li2")),
        ("样例李明 (li2)", ("li2",)),
        ("样例李", ()),
        ("", ()),
    ],
)
def test_a_name_means_all_who_are_called_so(typed: str, meant: tuple[str, ...]) -> None:
    assert people_meant(ROSTER, typed) == meant


def test_nobody_is_meant_of_whom_one_is_not_told() -> None:
    assert people_meant(ROSTER, "样例李明", {"li1", "tom"}) == ("li1",)
    assert (people_near(ROSTER, "李明", {"tom"}), people_near(ROSTER, "李明", {"li2"})) == ((), ("li2",))
    assert person_named(ROSTER, "样例李明", {"li2"}) == "li2"


@pytest.mark.parametrize(
    ("typed", "near"),
    [("李明", ("li1", "li2")), ("样例维休01", ("tom",)), ("tmo", ("tom",)), ("收银", ()), ("unlike anybody", ())],
)
def test_a_wrong_name_may_have_been_meant_for_some(typed: str, near: tuple[str, ...]) -> None:
    assert people_near(ROSTER, typed) == near


def test_where_one_must_be_meant_a_shared_name_is_told_with_all_who_have_it() -> None:
    with pytest.raises(Misuse, match=r"2 people are called “样例李明”: 样例李明 \(li1\), 样例李明 \(li2\)\."):
        person_named(ROSTER, "样例李明")
    with pytest.raises(Unknown):
        person_named(ROSTER, "样例李")
