"""Calendars and templates lie in folders: the nearest counts, a mistake in one is told at its place and stops who names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.authoring.calendar import read_official, shipped_official
from engine.authoring.diagnostic import Diagnostic
from engine.authoring.library import Library, find_documents, read_library
from engine.authoring.supplies import Supplies, own_folder, read_supplies
from engine.errors import Misuse
from tests.process import ROLES, tidy, written

SHIPPED = Path(__file__).parents[3] / "workflows"

PARCEL = written("""
calendar: hours
fields:
  note: {type: text, title: 备注}
start:
  open: {title: 受理, by: desk, asks: note, notify: [{tell: boss, template: news}], to: done}
states:
  work: {title: 办理, transitions: {end: {title: 结案, by: desk, to: done}}}
  done: {title: 完成, final: success}
""").replace("to: done}\nstates", "to: work}\nstates")


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def calendar(folder: Path, *, name: str = "hours", week: str = "{workdays: 09:00-18:00}", file: str | None = None) -> Path:
    text = f"calendar: {name}\ntitle: {{zh: 时间, en: Hours}}\nzone: Asia/Shanghai\nweek: {week}\n"
    return put(folder / "calendars" / f"{file or name}.yaml", text)


def template(folder: Path, *, name: str = "news", body: str = "…", languages: str = "zh en") -> None:
    for language in languages.split():
        put(folder / "templates" / name / f"subject.{language}.txt.j2", "{{ case.number }}")
        put(folder / "templates" / name / f"body.{language}.txt.j2", body)


def told(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, str, int, int]]:
    return [(one.code, Path(one.file).name, one.span.line, one.span.column) for one in diagnostics]


def hours(supplies: Supplies, name: str = "hours") -> object:
    return next(iter(supplies.calendars[name].week.values()))


def library(path: Path, *folders: Path) -> Library:
    return tidy(read_library([path], ROLES, folders))


def test_of_two_with_one_name_the_nearer_counts(tmp_path: Path) -> None:
    near, far = tmp_path / "near", tmp_path / "far"
    calendar(near, week="{workdays: 10:00-11:00}", file="of-another-name")
    calendar(far)
    calendar(far, name="others")
    template(near, body="near")
    template(far, body="far")
    template(far, name="older", body="far")

    found = read_supplies([near, far])

    assert found.diagnostics == ()
    assert sorted(found.calendars) == ["hours", "others"]
    assert hours(found) == ("10:00-11:00",)
    assert (found.templates["news"].zh.body, found.templates["older"].en.body) == ("near", "far")


def test_the_shipped_calendars_and_templates_are_sound_and_stand_last(tmp_path: Path) -> None:
    template(tmp_path, name="overdue", body="own")

    found = read_supplies([tmp_path, SHIPPED])

    assert found.diagnostics == ()
    assert set(found.calendars) == {"service-hours", "workshop-hours", "around-the-clock"}
    assert found.faulty_templates == {}
    assert found.templates["overdue"].zh.body == "own"
    assert "due-soon" in found.templates


def test_official_holidays_are_no_calendars(tmp_path: Path) -> None:
    put(tmp_path / "calendars" / "official" / "CN.yaml", "country: CN\nyears: {2026: {off: [2026-01-01]}}\n")

    assert read_supplies([tmp_path]).documents == {}


def test_files_of_roles_are_no_processes(tmp_path: Path) -> None:
    roles = put(tmp_path / "roles" / "shop.yaml", "organisation: shop\n")
    process = put(tmp_path / "workflows" / "parcel.yaml", PARCEL)

    assert find_documents([tmp_path, tmp_path / "roles", roles]) == (process,)


def test_a_calendar_with_a_mistake_is_told_at_its_place_and_stops_who_names_it(tmp_path: Path) -> None:
    calendar(tmp_path, week="{workdays: [09:00-12:00, noon]}")
    calendar(tmp_path, name="others", week="{workdays: 9-12}")
    template(tmp_path)
    put(tmp_path / "parcel.yaml", PARCEL)
    put(tmp_path / "letter.yaml", PARCEL.replace("calendar: hours\n", "").replace("parcel", "letter").replace("P{yy}", "L{yy}"))

    found = library(tmp_path, tmp_path)

    assert told(found.diagnostics) == [
        ("unknown-shift", "hours.yaml", 4, 32),
        ("bad-value", "others.yaml", 4, 18),
        ("unknown-calendar", "parcel.yaml", 8, 11),
    ]
    assert found.diagnostics[2].sentence.en == "the file of the calendar “hours” has mistakes"
    assert [Path(one.document.file).name for one in found.checked] == ["letter.yaml"]
    assert {Path(file).name for file in found.documents} == {"hours.yaml", "others.yaml", "parcel.yaml", "letter.yaml"}


def test_a_nearer_calendar_with_a_mistake_is_not_passed_over_for_a_farther_one(tmp_path: Path) -> None:
    put(tmp_path / "near" / "calendars" / "hours.yaml", "calendar: hours\n")
    calendar(tmp_path / "far")

    found = read_supplies([tmp_path / "near", tmp_path / "far"])

    assert found.calendars == {}
    assert found.faulty_calendars == {"hours"}


def test_two_calendars_of_one_name_in_one_folder_are_told(tmp_path: Path) -> None:
    calendar(tmp_path)
    calendar(tmp_path, file="zz")

    assert told(read_supplies([tmp_path]).diagnostics) == [("duplicate-across-files", "zz.yaml", 1, 11)]


def test_a_bundle_takes_along_what_its_document_names_and_nothing_else(tmp_path: Path) -> None:
    calendar(tmp_path)
    calendar(tmp_path, name="others")
    template(tmp_path)
    path = put(tmp_path / "parcel.yaml", PARCEL)

    (checked,) = library(path, tmp_path).checked

    assert list(checked.bundle.calendars) == ["hours"]
    assert list(checked.bundle.templates) == ["news"]
    assert "boss" in checked.bundle.roles


@pytest.mark.parametrize(
    ("languages", "body", "words"),
    [("zh", "…", "no such file or folder"), ("zh en", " \n", "found nothing"), ("zh en", "x" * 20_001, "at most 20000 characters")],
)
def test_a_template_that_cannot_be_read_is_told_where_it_is_named(tmp_path: Path, languages: str, body: str, words: str) -> None:
    calendar(tmp_path)
    template(tmp_path, languages=languages, body=body)
    path = put(tmp_path / "parcel.yaml", PARCEL)

    (one,) = library(path, tmp_path).diagnostics

    assert (one.code, one.span.line) == ("template-fault", 12)
    assert words in one.sentence.en
    assert one.sentence.en.startswith("template “news”: ")


def test_a_file_elsewhere_sees_its_own_folder_before_the_definition_path(tmp_path: Path) -> None:
    company, elsewhere = tmp_path / "company", tmp_path / "elsewhere"
    calendar(company)
    template(company)
    calendar(elsewhere, week="{daily: 00:00-24:00}")
    path = put(elsewhere / "phone" / "parcel.yaml", PARCEL)

    (checked,) = library(path, company).checked

    assert list(checked.bundle.calendars["hours"].week) == ["daily"]
    assert list(checked.bundle.templates) == ["news"]


def test_a_file_on_the_definition_path_sees_it_in_its_order(tmp_path: Path) -> None:
    company, below = tmp_path / "company", tmp_path / "below"
    calendar(company)
    calendar(below, week="{daily: 00:00-24:00}")
    template(below)
    path = put(below / "phone" / "parcel.yaml", PARCEL)

    (checked,) = library(path, company, below).checked

    assert own_folder(path, [company, below]) is None
    assert list(checked.bundle.calendars["hours"].week) == ["workdays"]


def test_the_own_folder_is_looked_for_above_the_working_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar(tmp_path)
    put(tmp_path / "phone" / "parcel.yaml", PARCEL)
    monkeypatch.chdir(tmp_path / "phone")

    found = own_folder(Path("parcel.yaml"), [SHIPPED])

    assert found is not None
    assert found.resolve() == tmp_path.resolve()


@pytest.mark.parametrize("named", ["calendars", "calendars/hours.yaml", "."])
def test_a_calendar_may_be_checked_by_itself(tmp_path: Path, named: str) -> None:
    calendar(tmp_path, week="{fryday: 09:00-12:00}")
    template(tmp_path)

    found = library(tmp_path / named, SHIPPED)

    assert told(found.diagnostics) == [("unknown-word", "hours.yaml", 4, 8)]
    assert found.checked == ()


def test_a_calendar_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "calendars" / "hours.yaml").mkdir(parents=True)

    with pytest.raises(Misuse, match="cannot be read: it is a folder"):
        read_supplies([tmp_path])


def test_a_file_of_official_days_is_read_by_year(tmp_path: Path) -> None:
    path = put(tmp_path / "XX.yaml", "country: XX\nyears:\n  2026: {off: [2026-01-01], work: [2026-01-04]}\n  2027: {off: [2027-01-01]}\n")

    years, diagnostics, _ = read_official(path)

    assert diagnostics == ()
    assert years is not None
    assert [(each.country, each.year, len(each.off), len(each.work)) for each in years] == [("XX", 2026, 1, 1), ("XX", 2027, 1, 0)]


def test_one_wrong_official_day_spoils_the_file(tmp_path: Path) -> None:
    path = put(tmp_path / "XX.yaml", "country: XX\nyears: {2026: {off: [2026-01-01], work: [2026-01-05]}}\n")

    years, diagnostics, _ = read_official(path)

    assert years is None
    assert told(diagnostics) == [("bad-official-day", "XX.yaml", 2, 42)]


@pytest.mark.parametrize("named", ["official", "official/XX.yaml"])
def test_a_file_of_official_days_may_be_checked_by_itself(tmp_path: Path, named: str) -> None:
    path = put(tmp_path / "calendars" / "official" / "XX.yaml", "country: XX\nyears: {2026: {off: [2027-01-01]}}\n")

    found = library(tmp_path / "calendars" / named, SHIPPED)

    assert told(found.diagnostics) == [("bad-official-day", "XX.yaml", 2, 22)]
    assert str(path) in found.documents


def test_the_official_days_of_china_are_shipped() -> None:
    years = {each.year: each for each in shipped_official() if each.country == "CN"}

    assert 2026 in years
    assert sorted(years) == list(range(min(years), max(years) + 1))


def test_a_template_of_one_s_own_that_nobody_uses_is_told(tmp_path: Path) -> None:
    calendar(tmp_path)
    template(tmp_path)
    template(tmp_path, name="forgotten")
    template(tmp_path, name="overdue")  # stands for the one that is shipped
    parcel = put(tmp_path / "parcel.yaml", PARCEL)

    assert told(library(tmp_path, tmp_path).diagnostics) == [("unused-template", "body.zh.txt.j2", 1, 1)]
    put(tmp_path / "letter.yaml", PARCEL.replace("parcel", "letter").replace("P{yy}", "L{yy}").replace("news", "forgotten"))
    assert told(library(parcel, tmp_path).diagnostics) == []
    assert told(library(tmp_path, tmp_path).diagnostics) == []
