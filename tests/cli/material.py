"""A third process of the company with clocks: material is asked for with rows, files and a link. The files lie beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal

NUMBER = "WL26-0001"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)

DOCUMENT = """
workflow: request
version: 1
title: {zh: 物料申请, en: Request}
owner: desk-supervisor
organisation: desk
number: "WL{yy}-{seq:04}"
fields:
  lines:
    type: list
    title: {zh: 申请明细, en: Lines}
    key: part
    of:
      part:     {type: text, title: {zh: 物料, en: Part}}
      quantity: {type: integer, title: {zh: 数量, en: Quantity}, min: 1}
      approved: {type: integer, title: {zh: 批准数量, en: Approved}}
  total:    {type: integer, title: {zh: 合计, en: Total}, computed: sum(quantity of lines)}
  proof:    {type: file, title: {zh: 凭证, en: Proof}, accept: [png, pdf], size: 1kB}
  photos:   {type: files, title: {zh: 照片, en: Photos}, count: 2}
  answers:  {type: case, workflow: answers, title: {zh: 关联咨询, en: Question}}
start:
  draft: {title: {zh: 填写, en: Fill in}, by: desk-clerk, asks: [lines, proof?, photos?, answers?], to: checking}
states:
  checking:
    title: {zh: 待批, en: To be approved}
    transitions:
      approve: {title: {zh: 批准, en: Approve}, by: desk-supervisor, asks: [{rows: lines, columns: [approved]}], to: done}
  done: {title: {zh: 完成, en: Done}, final: success}
"""


def begin(there: Terminal) -> None:
    """Publish the process, and lay the files ready."""
    (there.folder / "workflows" / "request.yaml").write_text(DOCUMENT, encoding="utf-8")
    there.run("publish", "workflows/request.yaml")
    (there.folder / "lines.csv").write_text("物料,Quantity\nSCR-1,2\nBAT-1,4\n", encoding="utf-8")
    (there.folder / "photo.png").write_bytes(PICTURE)
    (there.folder / "note.txt").write_text("备注", encoding="utf-8")
