"""A second process of the company with clocks: phones are lent when two persons have signed, and a step can be taken back for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal

DOCUMENT = """
workflow: spare-phones
version: 1
title: {zh: 备用机借出, en: Spare phones}
owner: desk-supervisor
organisation: desk
undo: 10m
number: "SP{yy}-{seq:04}"
fields:
  model: {type: text, title: {zh: 机型, en: Model}}
  days:  {type: integer, title: {zh: 天数, en: Days}, min: 1}
start:
  ask: {title: {zh: 申请, en: Ask}, by: desk-clerk, asks: model, to: asked}
states:
  asked:
    title: {zh: 待批准, en: To be granted}
    transitions:
      grant:
        title: {zh: 批准, en: Grant}
        by: [desk-answerer, desk-supervisor]
        asks: days
        shows: [model]
        approvals: {at_least: 2, each_of: [desk-supervisor]}
        to: granted
  granted:
    title: {zh: 待领取, en: To be handed out}
    transitions:
      hand_out: {title: {zh: 借出, en: Hand out}, by: desk-clerk, to: lent}
  lent:
    title: {zh: 已借出, en: Lent}
    transitions:
      take_back: {title: {zh: 归还, en: Take back}, by: desk-clerk, undo: no, to: back}
  back: {title: {zh: 已归还, en: Back}, final: success}
"""
FIRST, SECOND, THIRD = "SP26-0001", "SP26-0002", "SP26-0003"


def begin(there: Terminal, document: str = DOCUMENT) -> None:
    """Publish the process, and ask for three phones."""
    (there.folder / "workflows" / "spare-phones.yaml").write_text(document, encoding="utf-8")
    there.run("publish", "workflows/spare-phones.yaml")
    for _ in range(3):
        there.run("open", "spare-phones", "ask", "--as", "cai", "--set", "model=示例 X18")


def grant(there: Terminal, number: str) -> None:
    """Let both sign."""
    there.run("move", number, "grant", "--as", "rui", "--set", "days=3")
    there.run("move", number, "grant", "--as", "sun")
