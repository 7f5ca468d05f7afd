"""The command that traces the written procedures to the processes which carry them out."""

from __future__ import annotations

import rich_click as click

from commands import grammar
from commands.failure import DONE, PROBLEM
from commands.grammar import argument, command, option
from commands.session import Session


@command(
    "procedures",
    "书面规程由哪些流程执行，哪些省略、为什么，哪些无人执行。",
    "The written procedures: what carries them out, what is left out and why, what nobody carries out.",
)
@argument(
    "procedure", "规程标识；不写则列出全部规程", "A procedure by its id; all of them by default", metavar="[PROCEDURE]", required=False
)
@option("--missing", is_flag=True, zh="只列无人执行的条款", en="Only what nobody carries out")
@grammar.as_json
@click.pass_obj
def procedures(session: Session, procedure: str | None, missing: bool, as_json: bool) -> int:
    """Trace written procedures."""
    from commands.display.procedure import show

    return DONE if show(session.settings, procedure, missing_only=missing, in_json=as_json) else PROBLEM


COMMANDS = {procedures.name: procedures}
