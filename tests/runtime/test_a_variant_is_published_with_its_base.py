"""A variant is published as the whole that it means, and never without the base that it was made from."""

from __future__ import annotations

import pytest

from engine.authoring.document import read
from engine.authoring.library import Checked, check_documents
from engine.runtime.publishing import Unpublished, publish
from engine.store import definitions
from tests.process import SUPPLIES
from tests.runtime.company import DOCUMENT, START, WORKFLOW, Company, registry

VARIANT = f"""workflow: {WORKFLOW}-night
extends: {WORKFLOW}
version: 1
title: {{zh: 夜间维修, en: Repair by night}}
undo: 2h
"""


def both(base: str = DOCUMENT, variant: str = VARIANT) -> tuple[Checked, ...]:
    library = check_documents([read(base.encode(), "base.yaml"), read(variant.encode(), "night.yaml")], registry(), SUPPLIES)
    assert [one.sentence.en for one in library.diagnostics if one.severity == "error"] == []
    return library.checked


def put(company: Company, *documents: Checked) -> list[tuple[str, str]]:
    return [(each.workflow, each.status) for each in publish(company.app.database, documents, "os:owner", START)]


def test_what_is_published_is_the_whole_with_the_origin_of_each_line(company: Company) -> None:
    assert put(company, *both()) == [(WORKFLOW, "unchanged"), (f"{WORKFLOW}-night", "published")]

    text = company.app.catalog.text_of(f"{WORKFLOW}-night")

    assert f"workflow: {WORKFLOW}-night" in text
    assert {line.rpartition("# ")[2].partition(":")[0] for line in text.splitlines() if line} == {"base.yaml", "night.yaml"}
    assert company.app.catalog.text_of(WORKFLOW) == DOCUMENT
    (alone,) = check_documents([read(text.encode(), "again.yaml")], registry(), SUPPLIES).checked
    assert alone.compiled.digest == company.app.catalog.newest(f"{WORKFLOW}-night").digest


def test_a_variant_is_published_alone_when_its_base_is_published_as_it_stands(company: Company) -> None:
    assert put(company, both()[1]) == [(f"{WORKFLOW}-night", "published")]


def test_a_variant_of_a_changed_base_is_not_published_alone(company: Company) -> None:
    changed = DOCUMENT.replace("version: 1", "version: 2")
    base, variant = both(changed)

    with pytest.raises(Unpublished) as caught:
        put(company, variant)

    assert caught.value.sentence.en == f"night.yaml: its base {WORKFLOW} is not published as it stands."
    with company.app.database.read() as reader:
        assert f"{WORKFLOW}-night" not in definitions.latest_digests(reader.connection)
    assert put(company, variant, base) == [(f"{WORKFLOW}-night", "published"), (WORKFLOW, "published")]
