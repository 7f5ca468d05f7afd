"""The graph of states: reachable, without traps, and no device left in the house; and what holds between several files."""

from __future__ import annotations

from engine.authoring.checks.graph import edges_of
from tests.process import codes, definition, library, written

FIELDS = "fields:\n  imei: {type: text, title: 串号}\n"


def process(states: str, head: str = "") -> str:
    return f"{head}{FIELDS}start:\n  open: {{title: 受理, by: desk, asks: imei, to: one}}\nstates:\n{states}"


def state(name: str, *ways: str, **more: str) -> str:
    steps = ", ".join(f"to_{way}: {{title: 去, by: desk, to: {way}}}" for way in ways)
    extra = "".join(f", {key}: {value}" for key, value in more.items())
    return f"  {name}: {{title: 态{extra}{f', transitions: {{{steps}}}' if ways else ''}}}\n"


DONE = state("done", final="success")


def test_a_chain_and_a_loop_with_an_exit_are_fine() -> None:
    assert codes(process(state("one", "two") + state("two", "one", "done") + DONE)) == []


def test_of_an_unreachable_island_the_state_is_named_where_it_begins() -> None:
    def named(states: str) -> list[str]:
        return [one.sentence.en for one in library(process(state("one", "done") + states + DONE)).diagnostics]

    assert named(state("two", "six") + state("six", "two", "done")) == ["no way leads to state “two”"]
    assert named(state("six", "done") + state("two", "six")) == ["no way leads to state “two”"]
    assert named(state("two", "done") + state("six", "done")) == ["no way leads to state “two”", "no way leads to state “six”"]


def test_of_a_trap_the_state_is_named_where_all_ways_stop_with_the_way_in() -> None:
    def named(states: str) -> list[str]:
        found = library(process(state("one", "two", "done") + states + DONE)).diagnostics
        assert {one.code for one in found} == {"trap-state"}
        return [one.sentence.en for one in found]

    two, six = (
        "a case that enters “two” can never end; the shortest way in: ",
        "a case that enters “six” can never end; the shortest way in: ",
    )
    assert named(state("two", "six") + state("six", "two", "stay")) == [f"{two}open → to_two"]
    assert named(state("two", "six") + state("six")) == [f"{six}open → to_two → to_six"]


def test_without_an_end_only_that_is_said() -> None:
    assert codes(process(state("one", "two") + state("two", "one"))) == ["no-final-state"]


def test_reopening_leads_out_of_an_end() -> None:
    assert codes(process(state("one", "done") + state("done", "two", final="success") + state("two", "done"))) == []


SUBJECT = written("fields:").partition("fields:")[0] + "subject: {kind: device, key: imei}\n"


def test_a_device_may_not_stay_in_the_house() -> None:
    returned = state("one", "two", "lost", phase="receive") + state("two", "done", phase="return") + DONE
    text = process(returned + state("lost", final="abandoned"), SUBJECT)

    (warning,) = library(text).diagnostics
    assert (warning.code, warning.severity) == ("device-left-behind", "warning")
    assert len(library(text).checked) == 1
    assert (
        codes(process(returned.replace("to_lost: {title: 去, by: desk, to: lost}", "to_two_: {title: 去, by: desk, to: two}"), SUBJECT))
        == []
    )


def test_without_a_subject_or_a_phase_of_return_nothing_is_left_behind() -> None:
    states = state("one", "done", phase="receive") + DONE

    assert codes(process(states)) == []
    assert codes(process(states, SUBJECT)) == []


def test_edges_leave_out_staying() -> None:
    assert edges_of(definition(process(state("one", "stay", "done") + DONE))) == {"one": (("to_done", "done"),), "done": ()}


def test_of_two_files_with_one_id_the_first_stands() -> None:
    text = process(state("one", "done") + DONE)
    result = library(text, text)

    assert [(one.file, one.code) for one in result.diagnostics] == [("2.yaml", "duplicate-across-files")] * 2
    assert [one.document.file for one in result.checked] == ["1.yaml"]


def test_numbers_that_could_be_the_same_are_found_whatever_their_width() -> None:
    text = process(state("one", "done") + DONE)
    other = written(text).replace("workflow: parcel", "workflow: letter")

    assert [one.code for one in library(text, other.replace("seq:04", "seq:06")).diagnostics] == ["duplicate-across-files"]
    assert library(text, other.replace("P{yy}", "L{yy}")).diagnostics == ()
