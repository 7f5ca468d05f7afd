"""Commands that say who holds a case: give it to somebody, take it, put it down."""

from __future__ import annotations

import rich_click as click

from commands import grammar
from commands.grammar import argument, command
from commands.session import Session

NOBODY = "nobody"


@command("assign", "把工单派给某人，或派给 nobody（无人承办）。", "Give a case to somebody, or put it down: to nobody.")
@grammar.number
@argument("to", "派给谁（标识或姓名），或 nobody", "To whom, by id or name, or nobody", metavar="TO")
@grammar.acting
@grammar.reason
@grammar.key
@grammar.dry_run
@grammar.as_json
@click.pass_obj
def assign(session: Session, number: str, to: str, person: str, reason: str | None, key: str | None, dry_run: bool, as_json: bool) -> int:
    """Assign a case."""
    from commands.display.wish import Wish

    with session.application() as application:
        wish = Wish(application, session.caller(person), session.key(key), dry_run, as_json)
        return wish.assign(number, None if to == NOBODY else to, reason)


@command("claim", "接单：由自己承办无人承办的工单。", "Take a case that nobody holds.")
@grammar.number
@grammar.acting
@grammar.reason
@grammar.key
@grammar.dry_run
@grammar.as_json
@click.pass_obj
def claim(session: Session, number: str, person: str, reason: str | None, key: str | None, dry_run: bool, as_json: bool) -> int:
    """Claim a case."""
    from commands.display.wish import Wish

    with session.application() as application:
        return Wish(application, session.caller(person), session.key(key), dry_run, as_json).assign(number, person, reason)


COMMANDS = {each.name: each for each in (assign, claim)}
