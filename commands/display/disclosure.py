"""What was disclosed, on the terminal or as an object. Answers the exit code."""

from __future__ import annotations

from collections.abc import Sequence

from commands import terminal
from commands.display.case import show_history
from commands.display.refusal import show_refusal
from commands.failure import DONE, PROBLEM
from commands.speech import say, tr
from engine.app import Application
from engine.core.command import Disclose
from engine.core.decision import Refused
from engine.representation.disclosure import of_disclosure
from engine.representation.step import of_refusal
from engine.runtime.caller import Caller
from engine.runtime.disclosing import disclose
from engine.runtime.naming import id_of


def show_disclosure(application: Application, number: str, caller: Caller, reason: str, fields: Sequence[str], *, in_json: bool) -> int:
    """Read what is masked, and show it this once."""
    view = application.views.case(number, application.access(caller.identity))
    titles = {name: rule.title for name, rule in view.definition.fields.items()}
    command = Disclose(reason, tuple(id_of(each, titles) for each in fields))
    found = disclose(application.cases, application.views, number, command, caller)
    if isinstance(found, Refused):
        if in_json:
            terminal.as_json(of_refusal(found, None))
        else:
            show_refusal(found.checks, view.definition.fields, None, application.settings.zone)
        return PROBLEM
    if in_json:
        terminal.as_json(of_disclosure(found))
        return DONE
    terminal.pairs([(say(each.title), say(each.value)) for each in found.fields])
    if found.remarks:
        terminal.show("", tr("备注", "Remarks"))
        show_history(found.remarks, application.settings.zone)
    terminal.remark(tr("查看已写入历史。", "Kept in the history."))
    return DONE
