"""Rows, attachments and links on each dialect: what a wish names is looked up, recorded, and the same when it is read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from engine.authoring.document import read
from engine.authoring.library import check_documents
from engine.core.command import Fire, OpenCase
from engine.core.kind import Attachment, Row
from engine.errors import Damaged
from engine.runtime.attachment import media_of, write_out
from engine.runtime.publishing import publish
from engine.store import files, schema
from tests.process import SUPPLIES, tidy
from tests.runtime.company import DOCUMENT, START, Company, caller, granted, refused, registry

ORDER = """
workflow: desk-order
version: 1
title: {zh: 订货, en: Order}
owner: desk-supervisor
organisation: desk
number: "DO{yy}-{seq:04}"
fields:
  lines:
    type: list
    title: {zh: 明细, en: Lines}
    key: part
    of:
      part:   {type: text, title: {zh: 物料, en: Part}}
      pieces: {type: integer, title: {zh: 件数, en: Pieces}}
  proof:  {type: file, title: {zh: 凭证, en: Proof}, personal: true}
  photos: {type: files, title: {zh: 照片, en: Photos}}
  repair: {type: case, workflow: desk-repair, title: {zh: 维修单, en: Repair}}
start:
  order: {title: {zh: 订货, en: Order}, by: desk-clerk, asks: [lines, proof?, photos?, repair?], to: ordered}
states:
  ordered:
    title: {zh: 已订, en: Ordered}
    transitions:
      change: {title: {zh: 修改, en: Change}, by: desk-clerk, asks: [lines, photos?], to: stay}
      arrive: {title: {zh: 到货, en: Arrive}, by: desk-clerk, to: done}
  done: {title: {zh: 完成, en: Done}, final: success}
"""
PDF, TEXT = b"%PDF-1.7 ...", "备注".encode()


@pytest.fixture
def store(company: Company) -> Company:
    """The company, which may also order."""
    documents = [read(text.encode(), f"{index}.yaml") for index, text in enumerate((DOCUMENT, ORDER))]
    library = tidy(check_documents(documents, registry(), SUPPLIES))
    assert library.diagnostics == ()
    publish(company.app.database, library.checked, "os:owner", START)
    return company


def keep(company: Company, content: bytes) -> str:
    with company.app.database.write() as connection:
        return files.put(connection, content, media_of(content), START)


def test_what_a_wish_names_is_looked_up_and_kept(store: Company) -> None:
    number, proof, photo = store.opened(), keep(store, PDF), keep(store, TEXT)
    data = {
        "lines": [{"part": "SCR-1", "pieces": 2}, {"part": "BAT-1", "pieces": 1}],
        "proof": {"id": proof, "name": "收据.pdf"},
        "photos": [{"id": photo, "name": "a.txt"}],
        "repair": number,
    }
    order = granted(store.app.cases.open("desk-order", OpenCase("order", data), caller("cai"))).outcome.number
    change = Fire("change", {"lines": [{"part": "BAT-1", "pieces": 3}, {"part": "CAM-1", "pieces": 1}], "photos": f"{photo}, {proof}"})
    granted(store.app.cases.handle(order, change, caller("cai")))

    assert store.case(order).data == {
        "lines": (Row("1.2", {"part": "BAT-1", "pieces": 3}), Row("2.1", {"part": "CAM-1", "pieces": 1})),
        "proof": Attachment(proof, "收据.pdf", len(PDF), "application/pdf"),
        "photos": (Attachment(photo, "a.txt", len(TEXT), "text/plain"), Attachment(proof, proof[:12], len(PDF), "application/pdf")),
        "repair": number,
    }


def test_what_was_not_stored_is_refused(store: Company) -> None:
    lines = [{"part": "SCR-1", "pieces": 2}]
    for wrong in ({"proof": "0" * 64}, {"repair": "DR26-9999"}, {"repair": ["DR26-0001"]}):
        answer = store.app.cases.open("desk-order", OpenCase("order", {"lines": lines, **wrong}), caller("cai"))
        assert refused(answer) == {"data_invalid"}


def test_a_content_that_was_changed_is_not_handed_out(store: Company, tmp_path: Path) -> None:
    attached = Attachment(keep(store, PDF), "收据.pdf", len(PDF), "application/pdf")
    with store.app.database.write() as connection:
        connection.execute(update(schema.files).values(content=TEXT))

    with pytest.raises(Damaged):
        write_out(store.app.database, attached, tmp_path)
    assert not (tmp_path / attached.name).exists()
