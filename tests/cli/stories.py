"""A process of a company's own with its stories, one of which does not come out: what the page on the command line shows."""

from __future__ import annotations

from tests.cli.conftest import Terminal

PROCESS = """\
workflow: key-loan
version: 1
title: {zh: 借钥匙, en: Key loan}
owner: phone-supervisor
organisation: phone
number: "JY{yy}-{seq:04}"
fields:
  room: {type: text, title: {zh: 房间, en: Room}}
start:
  ask: {title: {zh: 申请, en: Ask}, by: phone-front-desk, asks: room, to: asked}
states:
  asked:
    title: {zh: 已申请, en: Asked}
    transitions:
      lend: {title: {zh: 借出, en: Lend}, by: phone-supervisor, shows: room, to: lent}
  lent:
    title: {zh: 已借出, en: Lent}
    transitions:
      give_back: {title: {zh: 归还, en: Give back}, by: phone-front-desk, to: done}
  done: {title: {zh: 已归还, en: Given back}, final: success}
"""
STORIES = """\
workflow: key-loan
people: {fay: phone-front-desk, sue: phone-supervisor}
scenarios:
  - name: {zh: 借出后归还, en: Lent and given back}
    at: "2026-09-28 09:00"
    steps:
      - {do: ask, by: fay, with: {room: 仓库}}
      - {do: lend, by: sue}
      - {do: give_back, by: fay, expect: {state: done, outcome: success}}
  - name: {zh: 前台不能自己借出, en: The desk lends nothing by itself}
    at: "2026-09-28 09:00"
    steps:
      - {do: ask, by: fay, with: {room: 仓库}}
      - {wait: 1h}
      - {do: lend, by: fay, expect: {state: lent}}
"""
HOLDING = STORIES.replace("expect: {state: lent}", "refused: not_authorised")
"""The same, and each comes out."""


def write(there: Terminal, stories: str = STORIES, process: str = PROCESS) -> None:
    """The process and its stories, among the company's own."""
    folder = there.folder / "workflows"
    (folder / "key-loan.yaml").write_text(process, encoding="utf-8")
    (folder / "key-loan.scenarios.yaml").write_text(stories, encoding="utf-8")
