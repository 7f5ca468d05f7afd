"""The command that shows what is masked: a recorded act with a reason."""

from __future__ import annotations

import rich_click as click

from commands import grammar
from commands.grammar import command, option
from commands.session import Session


@command(
    "disclose", "查看脱敏的个人信息原文；谁、为何查看，写入历史。", "Show what is masked; who has read it, and why, is kept in the history."
)
@grammar.number
@grammar.acting
@option("--reason", required=True, metavar="TEXT", zh="查看原因", en="Why it is read")
@option(
    "--field",
    "fields",
    multiple=True,
    metavar="FIELD",
    zh="只看此字段（标识或名称）；可重复；不写则全部，连同备注",
    en="Only this field, by id or title; may be repeated. Without it all of them, and the remarks",
)
@grammar.as_json
@click.pass_obj
def disclose(session: Session, number: str, person: str, reason: str, fields: tuple[str, ...], as_json: bool) -> int:
    """Disclose personal values."""
    from commands.display.disclosure import show_disclosure

    with session.application() as application:
        return show_disclosure(application, number, session.caller(person), reason, fields, in_json=as_json)


COMMANDS = {each.name: each for each in (disclose,)}
