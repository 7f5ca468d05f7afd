"""A new password is long enough and hard to guess; what is wrong with it is said, and what would be better. No rule about characters."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from engine.errors import Misuse
from engine.runtime.passwords import hashed, hasher
from engine.runtime.strength import check
from roles.staff import Person

TOM = Person("tom", "样例维修01")

GOOD = (
    "kettle window lamp",
    "kq8#vPz2x7",
    "今天三号柜台的茶凉了，请换一杯",
    "x1" * 4 + "kettle window lamp " * 5,
    "ÀÉÎ kettle lamp",
    "k7m2-9xqd-hw4a-pf3z",
)
BAD: Mapping[str, str] = {
    "": "found 0",
    "kq8#vPz": "found 7",
    "e\u0301" * 7: "found 7",
    "kettle " * 19: "found more",
    "k" * 1_000_000: "found more",
    "qwertyuiop": "many people have it",
    "Passwort1!": "common words or names",
    "woaini1314": "common words or names",
    "shouhougongdan": "common words or names",
    "aftercare2026": "common words or names",
    "zxcvbgfdsa": "keys that lie beside each other",
    "kqkqkqkqkqkq": "the same again and again",
    "abcdefgh3456": "characters that follow each other",
    "19991231": "a date",
    "kq8#vPz2": "so short",
    "kettle window tom": "“tom”",
    "我是样例维修01没错吧没错": "“样例维修01”",
}


@pytest.mark.parametrize("password", GOOD)
def test_what_is_hard_to_guess_will_do(password: str) -> None:
    check(password, TOM)


@pytest.mark.parametrize(("password", "said"), BAD.items(), ids=lambda each: each[:20])
def test_what_is_guessed_is_refused_with_the_reason(password: str, said: str) -> None:
    with pytest.raises(Misuse) as met:
        check(password, TOM)
    assert said in met.value.sentence.en
    assert met.value.sentence.zh
    assert met.value.way_out is not None
    assert password not in met.value.sentence.en or password == ""


def test_a_name_of_two_letters_stands_in_many_words() -> None:
    check("kettle window lamp", Person("am", "Am Lo"))
    with pytest.raises(Misuse, match="“王五”"):
        check("王五今天没来，明天也不来", Person("wu", "王五"))


@pytest.mark.parametrize("package", ["pwdlib", "zxcvbn"])
def test_without_the_extra_it_is_said_what_to_install(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    hasher.cache_clear()
    with pytest.raises(Misuse, match=f"The package {package}") as met:
        hashed("x") if package == "pwdlib" else check("kettle window lamp", TOM)
    assert met.value.way_out is not None
    assert "aftercare[web]" in met.value.way_out.en
