"""One mistake, one fault: its stable code, its exact place – marked ⟦so⟧ in the texts – and the way out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.expression import FAULT_CODES, Expression, read
from engine.core.kind import BOOLEAN, DATE, INTEGER, Kind
from tests.unit.expression.surroundings import CNY, FAULT, SCOPE, faults

Place = tuple[int, int]


def unmarked(marked: str) -> tuple[str, list[Place]]:
    """The text without its marks, and the places (offset, length) that were marked."""
    text, places, start = "", [], 0
    for character in marked:
        if character == "⟦":
            start = len(text)
        elif character == "⟧":
            places.append((start, max(1, len(text) - start)))
        else:
            text += character
    return text, places


SYNTAX = [
    ("⟦⟧", "expected an expression, found the end", None),
    ("fault == ⟦⟧", "expected a value, found the end", None),
    ("(passed⟦⟧", "expected “)”, found the end", None),
    ("passed⟦)⟧", "expected the end of the expression, found “)”", "There is one “)” too many."),
    ("passed ⟦in_warranty⟧", "expected “and”, “or” or the end, found “in_warranty”", "Join two conditions with “and” or “or”."),
    ("not ⟦not⟧ passed", "expected a value, found “not”", "Put it in parentheses: “(not …)”."),
    ("⟦-⟧quantity == 1", "expected a value, found “-”", "Only a number takes a minus sign; for the negative of a name write “0 - x”."),
    ("⟦to⟧ == 1", "expected a value, found “to”", "“to” is a word of the grammar and cannot be a name."),
    ("quantity⟦+⟧1 == 2", "expected “+” with spaces on both sides, found “+”", "A plus or minus has spaces on both sides, as in “a + b”."),
    ("quantity ⟦-⟧1 == 2", "expected “-” with spaces on both sides, found “-”", "A plus or minus has spaces on both sides, as in “a - b”."),
    ("quantity ⟦=⟧ 1", "expected “==”, found “=”", "Write “==”."),
    ("quantity ⟦<>⟧ 1", "expected “!=”, found “<>”", "Write “!=”."),
    ("quantity ⟦≥⟧ 1", "expected “>=”, found “≥”", "Write “>=”."),
    ("passed ⟦&&⟧ passed", "expected “and”, found “&&”", "Write “and”."),
    ("passed ⟦||⟧ passed", "expected “or”, found “||”", "Write “or”."),
    ("⟦!⟧passed", "expected “not”, found “!”", "Write “not”."),
    ("passed ⟦AND⟧ passed", "expected “and”, found “AND”", "Write “and”."),
    ("passed ⟦或⟧ passed", "expected “or”, found “或”", "Write “or”."),
    ("passed == ⟦True⟧", "expected “true”, found “True”", "Write “true”."),
    ('symptom == ⟦"wet"⟧', "expected 'wet', found \"wet\"", "Write “'wet'”."),
    ("symptom == ⟦'wet⟧", "expected a closing quote mark, found the end", "End the text with '."),
    ("quote is ⟦empty⟧", "expected “set” or “not set”, found “empty”", "Write “is not set”."),
    ("quote is not ⟦null⟧", "expected “set”, found “null”", "Write “is set”."),
    ("passed is ⟦true⟧", "expected “set” or “not set”, found “true”", "Write “is set” or “is not set”; to compare, write “==”."),
    ("quote not ⟦set⟧", "expected “in”, found “set”", "Write “x not in (a | b)”, or “x is not set”."),
    ("fault in ⟦power⟧", "expected “(”, found “power”", "Write “x in (a | b)”."),
    ("fault in (power ⟦screen⟧)", "expected “|” or “)”, found “screen”", "Write “x in (a | b)”."),
    ("sold_on + 3 ⟦days⟧ > today()", "expected “and”, “or” or the end, found “days”", "The unit follows the number without a space: “3d”."),
    ("sold_on + ⟦3days⟧ > today()", "expected “3d”, found “3days”", "Write “3d”."),
    ("sold_on + ⟦3天⟧ > today()", "expected “3d”, found “3天”", "Write “3d”."),
    ("2h > ⟦1.5h⟧", "expected a whole number with a unit of time, m h d mo y wh wd, found “1.5h”", "For example 30m, 4h, 7d, 4wh."),
    ("quote > ⟦1234567890123456789012345678901⟧", "expected a number of at most 30 digits, found “1234567890123456789012345678901”", None),
    ("⟦sum(sum(a of b) of c)⟧ > 1", "expected one “of” or “where”, found another inside it", "Move the inner one into a computed field."),
]


@pytest.mark.parametrize(("marked", "sentence", "way_out"), SYNTAX, ids=[row[0] for row in SYNTAX])
def test_syntax(marked: str, sentence: str, way_out: str | None) -> None:
    text, places = unmarked(marked)
    (found,) = faults(text)
    assert (found.code, found.offset, found.length) == ("expression-syntax", *places[0])
    assert found.sentence.en == sentence
    assert (found.way_out.en if found.way_out else None) == way_out


MARKS = [
    ("quote ⟦/⟧ 2 > 1", "There is no division"),
    ("quantity in (1⟦,⟧ 2)", "Separate choices with “|”"),
    ("quantity ⟦**⟧ 2 > 1", "There are no powers"),
    ("tester⟦.⟧name == symptom", "Names have no attributes"),
    ("helpers⟦[⟧0⟦]⟧ == actor", "There is no indexing"),
    ("passed ⟦?⟧ 1", "There are no conditional expressions"),
]


@pytest.mark.parametrize(("marked", "way_out"), MARKS, ids=[row[0] for row in MARKS])
def test_what_the_language_leaves_out(marked: str, way_out: str) -> None:
    text, places = unmarked(marked)
    found = faults(text)
    assert [(one.code, one.offset, one.length) for one in found] == [("expression-syntax", *place) for place in places]
    assert all(one.way_out and one.way_out.en.startswith(way_out) for one in found)


FULL_WIDTH = [
    ("fault ⟦＝＝⟧ none", "=="),
    ("quote ⟦＞⟧ 100", ">"),
    ("quote ⟦＝⟧ 100", "=="),
    ("not ⟦（⟧passed)", "("),
    ("fault in (power ⟦｜⟧ screen)", "|"),
    ("fault in (power ⟦、⟧ screen)", "|"),
    ("symptom == ⟦‘进水’⟧", "'进水'"),
    ("symptom == ⟦“进水，（甲）”⟧", "'进水，（甲）'"),
    ("quantity == ⟦１２⟧", "12"),
    ("⟦ｑｕｏｔｅ⟧ is set", "quote"),
]


@pytest.mark.parametrize(("marked", "right"), FULL_WIDTH, ids=[row[0] for row in FULL_WIDTH])
def test_full_width_characters(marked: str, right: str) -> None:
    text, places = unmarked(marked)
    (found,) = faults(text)
    assert (found.code, found.offset, found.length) == ("full-width-punctuation", *places[0])
    assert found.way_out is not None
    assert (found.way_out.en, found.way_out.zh) == (f"Write “{right}”.", f"请写“{right}”。")


NAMES = [
    ("⟦fualt⟧ == none", "unknown-name", "Did you mean “fault”?"),
    ("⟦IN_WARRANTY⟧", "unknown-name", "Did you mean “in_warranty”?"),
    ("⟦保修期内⟧", "unknown-name", "Write the field's id, not its title: “in_warranty”."),
    ("⟦quantity-1⟧ == 2", "unknown-name", "A minus has spaces on both sides: “quantity - 1”."),
    ("⟦finish⟧", "unknown-name", "It is a step: write “done(finish)”."),
    ("⟦customer⟧", "unknown-name", "Write “acting(customer)”."),
    ("⟦power⟧", "unknown-name", "It is a choice of “fault”: write “fault == power”."),
    ("quote == ⟦null⟧", "unknown-name", "To ask whether a value is empty, write “is not set”."),
    ("acting(⟦custmer⟧)", "unknown-name", "Did you mean “customer”?"),
    ("actor in (holders(⟦customer⟧))", "unknown-name", None),
    ("actor in (holders(⟦phone-supervizor⟧))", "unknown-name", "Did you mean “phone-supervisor”?"),
    ("fault == ⟦scren⟧", "unknown-choice", "Did you mean “screen”?"),
    ("fault in (power | ⟦null⟧)", "unknown-choice", "To ask whether a value is empty, write “is not set”."),
    ("fault == ⟦refund⟧", "unknown-choice", None),
    ("done(⟦finsh⟧)", "unknown-step", "Did you mean “finish”?"),
    ("⟦dayz⟧(sold_on to back_on) > 1", "unknown-function", "Did you mean “days”?"),
]


@pytest.mark.parametrize(("marked", "code", "way_out"), NAMES, ids=[row[0] for row in NAMES])
def test_names(marked: str, code: str, way_out: str | None) -> None:
    text, places = unmarked(marked)
    (found,) = faults(text)
    assert (found.code, found.offset, found.length) == (code, *places[0])
    assert way_out is None or (found.way_out and found.way_out.en) == way_out


KINDS = [
    ("quote == ⟦symptom⟧", "expected money(CNY), found text"),
    ("quote == ⟦fee⟧", "expected money(CNY), found money(USD)"),
    ("quote + ⟦quantity⟧ > 1", "expected money(CNY), found integer"),
    ("quote * ⟦deposit⟧ > 1", "expected integer or decimal, found money(CNY)"),
    ("⟦symptom⟧ + 'x' == 'y'", "expected integer or decimal or money or date or datetime or duration, found text"),
    ("⟦symptom⟧ < 'x'", "expected integer or decimal or money or date or datetime or duration, found text"),
    ("⟦fault⟧ > power", "expected integer or decimal or money or date or datetime or duration, found choice(fault)"),
    ("fault == ⟦'power'⟧", "expected choice(fault), found text"),
    ("fault == ⟦wish⟧", "expected choice(fault), found choice(wish)"),
    ("sold_on < ⟦received_at⟧", "expected date, found datetime"),
    ("received_at < ⟦sold_on⟧", "expected datetime, found date"),
    ("days(⟦received_at⟧ to today()) > 1", "expected date, found datetime"),
    ("date(⟦sold_on⟧) == sold_on", "expected datetime, found date"),
    ("sold_on - ⟦back_on⟧ == 3d", "expected duration, found date"),
    ("sold_on + ⟦3⟧ > today()", "expected duration, found integer"),
    ("sold_on + ⟦3h⟧ > today()", "expected duration(calendar), found duration(clock)"),
    ("3d + ⟦sold_on⟧ > today()", "expected duration(calendar), found date"),
    ("1mo + ⟦3d⟧ == 1y", "expected a duration in mo, found a duration in d"),
    ("2wd > ⟦4wh⟧", "expected a duration in wd, found a duration in wh"),
    ("1d * ⟦share⟧ == 2d", "expected integer, found decimal"),
    ("tester == ⟦helpers⟧", "expected person, found people"),
    ("tester in (actor | ⟦symptom⟧)", "expected person, found text"),
    ("⟦quote⟧ and passed", "expected boolean, found money(CNY)"),
    ("not (⟦quantity⟧)", "expected boolean, found integer"),
]


@pytest.mark.parametrize(("marked", "sentence"), KINDS, ids=[row[0] for row in KINDS])
def test_kinds(marked: str, sentence: str) -> None:
    text, places = unmarked(marked.replace("(⟦quantity⟧)", "⟦(quantity)⟧"))
    (found,) = faults(text)
    assert (found.code, found.offset, found.length) == ("type-mismatch", *places[0])
    assert found.sentence.en == sentence


@pytest.mark.parametrize(
    ("text", "expected", "way_out"),
    [
        ("quote", BOOLEAN, "Write “quote is set”, or compare it with a value."),
        ("received_at", DATE, "Write “date(received_at)”."),
        ("'power'", FAULT, "A choice is written without quotes."),
        ("quantity", CNY, "Money goes with money of the same currency, or with a number written out."),
        ("share", INTEGER, None),
    ],
)
def test_kind_that_the_place_expects(text: str, expected: Kind, way_out: str | None) -> None:
    (found,) = faults(text, expected)
    assert (found.code, found.offset, found.length) == ("type-mismatch", 0, len(text))
    assert (found.way_out.en if found.way_out else None) == way_out


CALLS = [
    ("⟦days(sold_on)⟧ > 1", "wrong-arguments", "Write “days(a to b)”."),
    ("⟦days(sold_on to back_on where passed)⟧ > 1", "wrong-arguments", "Write “days(a to b)”."),
    ("⟦today(sold_on)⟧ > sold_on", "wrong-arguments", "Write “today()”."),
    ("⟦done()⟧", "wrong-arguments", "Write “done(step)”."),
    ("done(⟦1⟧)", "wrong-arguments", "Write “done(step)”."),
    ("acting(⟦'customer'⟧)", "wrong-arguments", "Write “acting(role)”."),
    ("holders(⟦'boss'⟧) is set", "wrong-arguments", "Write “holders(role)”."),
    ("sampled(⟦101⟧)", "wrong-arguments", "Write “sampled(20)”."),
    ("sampled(⟦quantity⟧)", "wrong-arguments", "Write “sampled(20)”."),
    ("count(⟦prats⟧ where open) == 0", "unknown-name", "Did you mean “parts”?"),
    ("count(⟦related⟧ where open) == 0", "unknown-name", "“related” is no list."),
    ("⟦count(approved of lines)⟧ == 0", "wrong-arguments", "Write “count(list where …)”."),
    ("⟦sum(lines)⟧ == 0", "wrong-arguments", "Write “sum(column of list where …)”."),
    ("⟦every(lines where done)⟧", "wrong-arguments", "Write “every(condition of list where …)”."),
    ("sum(⟦aproved⟧ of lines) == 0", "unknown-name", "Did you mean “approved”?"),
    ("sum(⟦material⟧ of lines) == 0", "type-mismatch", None),
    ("every(⟦approved⟧ of lines)", "type-mismatch", "Write “approved is set”, or compare it with a value."),
    ("count(lines where ⟦approved⟧) == 0", "type-mismatch", "Write “approved is set”, or compare it with a value."),
    ("count(lines where state == ⟦goood⟧) == 0", "unknown-choice", "Did you mean “good”?"),
    ("last(outcome of parts) == ⟦power⟧", "unknown-choice", None),
    ("last(price of lines) == ⟦fee⟧", "type-mismatch", "Currencies do not mix."),
    ("⟦earlier⟧ is set", "unknown-name", "Write “count(earlier)”, “last(… of earlier)” and the like."),
    ("⟦parts⟧ is set", "unknown-name", "Write “count(parts)”, “last(… of parts)” and the like."),
    ("⟦lines⟧ == 3", "type-mismatch", "Write “lines is set”."),
    ("⟦evidence⟧ == evidence", "type-mismatch", "Write “evidence is set”."),
    ("sold_on + ⟦2 * 4wh⟧ > today()", "type-mismatch", "A date moves by d, wd, mo or y."),
]


@pytest.mark.parametrize(("marked", "code", "way_out"), CALLS, ids=[row[0] for row in CALLS])
def test_calls(marked: str, code: str, way_out: str | None) -> None:
    text, places = unmarked(marked)
    (found,) = faults(text)
    assert (found.code, found.offset, found.length) == (code, *places[0])
    assert (found.way_out.en if found.way_out else None) == way_out


def test_earlier_cases_take_a_subject() -> None:
    found = read("count(earlier) == 0", replace(SCOPE, lists={}))

    assert not isinstance(found, Expression)
    assert [(one.code, one.way_out and one.way_out.en) for one in found] == [
        ("unknown-name", "Name a “subject” at the head: only then cases share one.")
    ]


@pytest.mark.parametrize("marked", ["received_at + ⟦3wd⟧ > now()", "received_at - ⟦2 * 4wh⟧ > now()", "sold_on + ⟦1wd⟧ > today()"])
def test_working_time_moves_nothing_without_a_calendar(marked: str) -> None:
    text, places = unmarked(marked)

    found = read(text, replace(SCOPE, calendar=False))

    assert not isinstance(found, Expression)
    assert [(one.code, one.offset, one.length) for one in found] == [("calendar-needed", *places[0])]


@pytest.mark.parametrize(
    ("marked", "way_out"),
    [
        ("1 < quantity ⟦<⟧ 5", "Write “1 < quantity and quantity < …”."),
        ("quantity == stock ⟦==⟧ 5", "Write “quantity == stock and stock == …”."),
        ("passed is set ⟦==⟧ true", "Split it into two conditions joined with “and”."),
        ("quantity == 1 ⟦is⟧ set", "Write “quantity == 1 and 1 is …”."),
    ],
)
def test_comparisons_do_not_chain(marked: str, way_out: str) -> None:
    text, places = unmarked(marked)
    (found,) = faults(text)
    assert (found.code, found.offset, found.length) == ("chained-comparison", *places[0])
    assert found.way_out is not None
    assert found.way_out.en == way_out


def test_too_long() -> None:
    (found,) = faults("passed" + " " * 395)
    assert (found.code, found.offset, found.length) == ("expression-too-long", 400, 1)


def test_too_deep() -> None:
    (found,) = faults("(" * 13 + "passed" + ")" * 13)
    assert (found.code, found.offset, found.length) == ("expression-too-deep", 12, 1)


@pytest.mark.parametrize(
    ("marked", "codes"),
    [
        ("⟦fualt⟧ ⟦＝＝⟧ none ⟦&&⟧ ⟦qoute⟧ is set", ["unknown-name", "full-width-punctuation", "expression-syntax", "unknown-name"]),
        ("⟦a1⟧ > 1 or ⟦a2⟧ > ⟦a3⟧ or quote == ⟦sold_on⟧", ["unknown-name", "unknown-name", "unknown-name", "type-mismatch"]),
        ("fault in (⟦pover⟧ | ⟦scren⟧ | none)", ["unknown-choice", "unknown-choice"]),
        ("days(⟦received_at⟧ to ⟦quote⟧) > 1", ["type-mismatch", "type-mismatch"]),
        ("⟦（⟧passed⟦）⟧ and ⟦quantity⟧", ["full-width-punctuation", "full-width-punctuation", "type-mismatch"]),
    ],
)
def test_all_faults_of_a_text_are_reported_in_order(marked: str, codes: list[str]) -> None:
    text, places = unmarked(marked)
    found = faults(text, BOOLEAN)
    assert [(one.code, one.offset, one.length) for one in found] == [(code, *place) for code, place in zip(codes, places, strict=True)]


def test_a_choice_beside_an_unknown_field_is_no_second_fault() -> None:
    assert [found.code for found in faults("fualt == none and fualt in (power | screen)")] == ["unknown-name", "unknown-name"]


def test_every_fault_says_what_it_is_in_both_languages() -> None:
    texts = [text for table in (SYNTAX, MARKS, FULL_WIDTH, NAMES, KINDS, CALLS) for text, *_ in table]
    for marked in texts:
        for found in faults(unmarked(str(marked))[0]):
            assert found.code in FAULT_CODES
            assert any("\u4e00" <= character <= "\u9fff" for character in found.sentence.zh)
            assert "{" not in found.sentence.zh + found.sentence.en
