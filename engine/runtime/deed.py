"""What happened to a case beside its moves, in words: signing, undoing, and what its children did."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.compiled import CompiledDefinition
from engine.core.event import ChildChanged, ChildOpened, Event, Moved, Opened, Signed, Undone, Voided, VoidedBecause
from engine.label import Label, listed, verbatim
from engine.runtime.titles import person_title
from roles.roster import Roster

Deed = Signed | Voided | ChildChanged | Undone

OUTCOMES: Mapping[str, Label] = {
    "success": Label("成功结案", "ended well"),
    "failure": Label("未成结案", "ended without success"),
    "abandoned": Label("中止", "abandoned"),
}
"""How a case has ended."""

_BECAUSE: Mapping[VoidedBecause, Label] = {
    "left": Label("工单已离开该状态", "the case has left the state"),
    "changed": Label("所签内容已改变", "what was signed has changed"),
    "revoked": Label("签署人已不再有签署的权限", "the signer has lost the right to sign"),
    "excluded": Label("签署人其后的办理使其须回避", "what the signer has done since excludes him"),
    "withdrawn": Label("本人撤回", "taken back"),
}
_REOPENED = Label("重新打开", "open again")


def title_of(definition: CompiledDefinition, event: Deed, numbers: Mapping[str, str]) -> Label:
    """What happened. `numbers`: id → number of the children that the case has opened."""
    if isinstance(event, ChildChanged):
        title = Label("{alias} {number}：{became}", "{alias} {number}: {became}")
        became = OUTCOMES[event.outcome] if event.outcome is not None else _REOPENED
        return title.fill(alias=definition.aliases[event.alias].title, number=numbers.get(event.id, event.id), became=became)
    titles = {
        Signed: Label("签署“{step}”", "Signed “{step}”"),
        Voided: Label("签署“{step}”失效", "Signatures of “{step}” are void"),
        Undone: Label("撤销“{step}”", "“{step}” taken back"),
    }
    return titles[type(event)].fill(step=_step_title(definition, event.step))


def text_of(event: Deed, roster: Roster) -> Label | None:
    """What else is to be told of it: whose signatures are void, and why."""
    if not isinstance(event, Voided):
        return None
    sentence = Label("{who}：{why}", "{who}: {why}")
    return sentence.fill(who=listed(person_title(signer, roster) for signer in event.signers), why=_BECAUSE[event.why])


def opened_by(definition: CompiledDefinition, event: Event) -> tuple[Label, ...]:
    """The cases that a move opened, by title and number."""
    children = event.children if isinstance(event, Opened | Moved) else ()
    return tuple(_opened(definition, child) for child in children)


def _opened(definition: CompiledDefinition, child: ChildOpened) -> Label:
    return Label("{title} {number}", "{title} {number}").fill(title=definition.aliases[child.alias].title, number=child.number)


def _step_title(definition: CompiledDefinition, step: str) -> Label:
    known = (state.steps[step].title for state in definition.states.values() if step in state.steps)
    return next(known, verbatim(step))
