"""At the counter people, units and messages are called as people call them: in reasons, in every check, in messages – never by an id."""

from __future__ import annotations

import re

import pytest

from engine.core.command import Assign
from engine.core.decision import Refused
from tests.console.reception import Reception, part
from tests.runtime.company import caller

ID = re.compile(r"\b(amy|ann|tom|sue|ray|mia|max|lea|abe)\b")
"""Those of the first repair shop, as they sign in."""


VERDICT = {"fault": "charging", "cause": "尾插氧化", "in_warranty": True, "verdict_why": "性能故障", "remedy": "repair"}


@pytest.fixture(scope="module")
def taken(reception: Reception) -> str:
    number = reception.centre.opened("amy", imei="001017000000029")
    reception.centre.fire(number, "take", "tom")
    return number


def test_no_page_of_a_case_calls_anybody_by_his_id(reception: Reception, taken: str) -> None:
    for language in ("zh", "en"):
        reception.browser("sue").cookies.set("aftercare-language", language)
        page = reception.read("sue", f"/cases/{taken}")
        told = part(page, "#main").get_text(" ", strip=True)
        assert "样例维修01" in told
        assert ID.findall(told) == [], language
    reception.browser("sue").cookies.set("aftercare-language", "en")


def test_a_reason_speaks_to_its_reader_and_names_the_others(reception: Reception, taken: str) -> None:
    told = part(reception.read("sue", f"/cases/{taken}"), "#main").get_text(" ", strip=True)
    assert "You may not do “Diagnose”" in told
    assert "Repairer = 样例维修01" in told


def test_a_refusal_names_nobody_of_whom_one_is_not_told(reception: Reception, taken: str) -> None:
    """bea works in the other shop: asked for by id she is nobody, with or without a name."""
    answer = reception.app.cases.handle(taken, Assign("bea"), caller("mia"), dry_run=True)
    assert isinstance(answer, Refused)
    sentences = " ".join(text for each in answer.reasons for text in (each.sentence.zh, each.sentence.en))
    assert "样例前台03" not in sentences
    assert "There is no active person “bea”" in sentences
    assert [each.subject for each in answer.reasons] == ["bea"], "for programs the id stays"


def test_a_message_is_called_by_its_subject(reception: Reception) -> None:
    number = reception.centre.opened("amy", imei="001017000000110", email="customer@example.com")
    steps: dict[str, dict[str, object]] = {"take": {}, "diagnose": VERDICT, "finish": {"work_done": "换尾插"}}
    for step, form in steps.items():
        reception.centre.fire(number, step, "tom", **form)
    reception.centre.fire(number, "inspect", "sue", rescan="001017000000110", result="passed")
    told = part(reception.read("amy", f"/cases/{number}"), ".dossier-messages").get_text(" ", strip=True)
    assert f"Your case {number} is finished and ready to be collected" in told
    assert "to the customer" in told
    assert "ready-for-pickup" not in told
