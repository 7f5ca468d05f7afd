"""Published definitions never change: new text takes a new number, and a case keeps the version it was opened with (DESIGN law 9)."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from engine.app import Application
from engine.authoring.library import Checked
from engine.core.command import Fire
from engine.errors import Damaged
from engine.runtime.publishing import Publication, VersionTaken, publish
from engine.store.schema import definitions
from tests.runtime.company import DOCUMENT, OTHER_IMEI, START, WORKFLOW, Company, caller, checked, granted, refused, settings

CHANGED = DOCUMENT.replace("by: desk-repairer, set:", "by: desk-clerk, set:")
"""Another meaning under the old number: clerks take devices."""
NEXT = CHANGED.replace("version: 1", "version: 2")
OTHER = DOCUMENT.replace("workflow: desk-repair", "workflow: desk-return").replace("DR{yy}", "DT{yy}")


def put(company: Company, *documents: Checked) -> list[tuple[int, str]]:
    """Publish; version and status of each."""
    published: tuple[Publication, ...] = publish(company.app.database, documents, "os:owner", START)
    return [(each.version, each.status) for each in published]


def test_a_changed_text_under_an_old_number_is_refused_with_the_next_number(company: Company) -> None:
    before = company.tables()
    with pytest.raises(VersionTaken) as caught:
        put(company, checked(CHANGED))
    assert caught.value.code == "version_taken"
    assert "the next number is 2" in caught.value.sentence.en
    assert "下一个编号是 2" in caught.value.sentence.zh
    assert company.tables() == before


def test_one_refused_document_keeps_the_others_out_too_and_all_are_named(company: Company) -> None:
    put(company, checked(OTHER))
    before = company.tables()
    third = checked(DOCUMENT.replace("workflow: desk-repair", "workflow: desk-third").replace("DR{yy}", "DX{yy}"))
    other = checked(OTHER.replace("title: {zh: 接单, en: Take}", "title: {zh: 领取, en: Fetch}"))
    with pytest.raises(VersionTaken) as caught:
        put(company, third, checked(CHANGED), other)
    assert caught.value.sentence.en.count("the next number is 2") == 2
    assert company.tables() == before


def test_what_means_the_same_is_unchanged(company: Company) -> None:
    before = company.tables()
    assert put(company, checked()) == [(1, "unchanged")]
    assert put(company, checked("# only a remark\n" + DOCUMENT)) == [(1, "unchanged")]
    assert company.tables() == before


def test_an_older_number_is_never_filled_in_later(company: Company) -> None:
    assert put(company, checked(CHANGED.replace("version: 1", "version: 5"))) == [(5, "published")]
    with pytest.raises(VersionTaken, match="the next number is 6"):
        put(company, checked(NEXT))


def test_a_case_keeps_its_version_and_new_ones_take_the_newest(company: Company) -> None:
    old = company.opened()
    assert put(company, checked(NEXT)) == [(2, "published")]
    new = company.opened(imei=OTHER_IMEI)
    digests = [company.case(number).digest for number in (old, new)]
    assert digests == [checked().compiled.digest, checked(NEXT).compiled.digest]
    assert refused(company.fire(old, "take", "cai")) == {"not_authorised"}
    assert refused(company.fire(new, "take", "rui")) == {"not_authorised"}
    granted(company.fire(old, "take", "rui"))
    assert company.case(old).digest == digests[0]


def test_the_stored_form_is_what_was_checked(company: Company) -> None:
    stored = company.app.catalog.newest(WORKFLOW)
    assert stored.digest == checked().compiled.digest
    assert (stored.kinds, stored.personal, stored.states.keys()) == (
        checked().compiled.kinds,
        checked().compiled.personal,
        checked().compiled.states.keys(),
    )
    assert company.app.catalog.by_digest(stored.digest) is stored  # compiled once


def test_a_definition_that_was_changed_in_the_database_is_not_run(company: Company, company_url: str) -> None:
    number = company.opened()
    for form in ("{}", "not json", checked(NEXT).bundle.form()):
        keep(company, form)
        with Application.open(settings(company_url)) as app, pytest.raises(Damaged, match="missing or was changed"):
            app.cases.handle(number, Fire("take"), caller("rui"))
    keep(company, checked().bundle.form())
    granted(company.fire(number, "take", "rui"))


def keep(company: Company, form: str) -> None:
    """Write another form over the stored one, as no door of ours does."""
    with company.app.database.write() as connection:
        connection.execute(update(definitions).values(form=form))
