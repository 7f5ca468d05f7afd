"""The form that stands open on the page of a case – of a step, or of another wish – and what became of it: typed, refused, overtaken.

Asks the application for what a form needs; decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Literal

from engine.core.case import Case
from engine.core.compiled import Approvals, CompiledDefinition, CompiledStep
from engine.core.decision import Check, Reason, Refused
from engine.core.explain import Option
from engine.core.form import Ask
from engine.core.kind import Value
from engine.core.possible import Possible
from engine.core.remark import COMMENT_LIMIT
from engine.core.showing import EMPTY
from engine.label import Label, listed, verbatim
from engine.runtime.chronicle import EntryView
from engine.runtime.disclosing import Disclosure
from engine.runtime.fields import FieldView
from engine.runtime.reading import CaseView
from engine.runtime.signatures import SigningView
from engine.runtime.standing import Who
from engine.runtime.titles import person_title
from web.console.case.folder import Filled, filled
from web.console.case.reasons import Others, Question, others_of, questions_of, spoken_to
from web.console.form.control import HOLDERS, WHICH, Choice, Control, FormView, as_readable, of_people, offered
from web.console.form.filling import Sent
from web.console.form.forming import Filling, form_of, without
from web.console.form.known import known_to
from web.console.form.named import naming
from web.console.form.telling import told_of
from web.console.screen import Screen

REMARK, REASON = Label("备注", "Comment"), Label("原因", "Reason")
ENTRIES = 20
"""How much of what happened meanwhile is told."""

Wish = Literal["correct", "comment", "assign", "undo", "disclose"]
TITLES: Mapping[Wish, Label] = {
    "correct": Label("更正", "Correct"),
    "comment": Label("添加备注", "Comment"),
    "assign": Label("派单", "Assign"),
    "undo": Label("撤销", "Undo"),
    "disclose": Label("查看原文", "Show in full"),
}


UNDO = Label("撤销“{step}”", "Undo “{step}”")


@dataclass(frozen=True, slots=True)
class Asked:
    """The form that is to stand open, and what became of it. `what`: a step by id, or one of the other wishes."""

    what: str
    is_step: bool
    sent: Sent | None = None
    refused: Refused | None = None
    who: Sequence[Who] | None = None
    """Who can, where it was refused to this person."""
    problem: Label | None = None
    """Why it comes back though nobody refused it."""
    foreseen: Foreseen | None = None
    disclosure: Disclosure | None = None
    back: str = ""
    """Where he came from."""

    @property
    def faults(self) -> tuple[Reason, ...]:
        """All that stands against it; of a field whose file was not even kept, nothing else."""
        kept = self.sent.faults if self.sent is not None else ()
        subjects = {each.subject for each in kept}
        return (*kept, *(each for each in (self.refused.reasons if self.refused is not None else ()) if each.subject not in subjects))

    @property
    def is_stale(self) -> bool:
        """Whether somebody else was faster."""
        return any(each.code == "stale" for each in self.faults)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would happen. `changes`: (field, before, after); `clocks`: (title, when it would be due); `checks`: why it could."""

    to: Label | None
    changes: tuple[tuple[Label, Label, Label], ...]
    clocks: tuple[tuple[Label, datetime | None], ...]
    tells: tuple[Label, ...]
    opens: tuple[Label, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form as it stands open. `typed`: what was typed where there is no form for it any more.

    Of a correction, `besides`: the fields that are empty, `closing`: its reason.
    """

    what: str
    is_step: bool
    title: Label
    is_offered: bool
    form: FormView
    besides: tuple[Control, ...]
    closing: tuple[Control, ...]
    shows: tuple[Filled, ...]
    conditions: tuple[Question, ...]
    signing: SigningView | None
    signers: Label | None
    """How many must sign, and of which roles one each; None where one alone does it."""
    changed: tuple[EntryView, ...]
    typed: tuple[tuple[Label, Label], ...]
    others: Others | None
    is_for_good: bool
    """Whether it cannot be taken back."""
    is_exception: bool
    """Whether it is a step that needs a reason: its button says that it is meant."""
    asked: Asked
    key: str
    revision: int
    seq: int

    @property
    def action(self) -> str:
        """Below the address of the case."""
        return f"steps/{self.what}" if self.is_step else self.what

    @property
    def has_files(self) -> bool:
        """Whether it sends files."""
        return self.form.has_files or FormView(self.besides).has_files

    @property
    def is_begun(self) -> bool:
        """Whether it holds what somebody has typed already; of an assignment that is one click."""
        sent = self.asked.sent
        return self.what != "assign" and sent is not None and (any(sent.data.values()) or bool(sent.reason))

    @property
    def is_wrong(self) -> bool:
        """Whether it came back."""
        return bool(self.asked.faults) or self.asked.problem is not None


def opened(screen: Screen, view: CaseView, asked: Asked, options: Sequence[Option], possible: Possible) -> OpenForm:
    """The form of what is asked, on the case as it stands."""
    return _Opening(screen, view, asked).of_step(options) if asked.is_step else _Opening(screen, view, asked).of_wish(possible)


def asks_of(definition: CompiledDefinition, case: Case, step: str) -> tuple[Ask, ...]:
    """What a step asks: of the present state, else – the case has moved on – of any other."""
    found = _step(definition, case, step)
    return found.form.asks if found is not None and step not in case.signing else ()


def title_of(definition: CompiledDefinition, case: Case, step: str) -> Label | None:
    """What a step is called; None for what is none of the process."""
    found = _step(definition, case, step)
    return found.title if found is not None else None


def asks_to_correct(definition: CompiledDefinition, case: Case, fields: Sequence[str]) -> tuple[tuple[Ask, ...], tuple[Ask, ...]]:
    """What a correction asks: the fields that are filled, and those that are not."""
    filled = (Ask.mending(definition.fields[name], optional=False) for name in fields if name in case.data)
    empty = (Ask.mending(definition.fields[name], optional=True) for name in fields if name not in case.data)
    return tuple(filled), tuple(each for each in empty if each.rows is None)


def _step(definition: CompiledDefinition, case: Case, step: str) -> CompiledStep | None:
    states = (definition.states[case.state], *definition.states.values())
    return next((state.steps[step] for state in states if step in state.steps), None)


def _signers(approvals: Approvals, definition: CompiledDefinition) -> Label:
    least, roles = min(approvals.at_least.values()), [definition.roles[each] for each in approvals.each_of]
    said = (
        Label("须 {n} 人签署，其中各一名：{roles}", "{n} must sign, one of each: {roles}")
        if roles
        else Label("须 {n} 人签署", "{n} must sign")
    )
    return said.fill(n=least, roles=listed(roles))


@dataclass(frozen=True, slots=True)
class _Opening:
    """One form while it is made."""

    screen: Screen
    view: CaseView
    asked: Asked

    def of_step(self, options: Sequence[Option]) -> OpenForm:
        case, definition, asked = self.view.case, self.view.definition, self.asked
        option = next((each for each in options if each.step == asked.what), None)
        rule = _step(definition, case, asked.what)
        is_offered = option is not None and option.allowed
        asks = option.asks if option is not None and is_offered else ()
        is_exception = option is not None and is_offered and option.needs_reason
        return replace(
            self._bare(rule.title if rule is not None else Label(asked.what, asked.what), is_offered=is_offered),
            form=self._form(asks, "required" if is_exception else "none"),
            shows=self._shown(option.shows if option is not None else (), asked.what),
            conditions=self._conditions(option) if option is not None and is_offered else (),
            signing=next((each for each in self.view.signings if each.step == asked.what), None),
            signers=_signers(rule.approvals, definition) if rule is not None and rule.approvals is not None else None,
            is_exception=is_exception,
            typed=() if is_offered else self._typed(asks_of(definition, case, asked.what)),
            is_for_good=definition.undo is None or rule is None or not rule.undoable,
        )

    def of_wish(self, possible: Possible) -> OpenForm:
        what = self.asked.what
        offered = {
            "correct": bool(possible.corrects),
            "comment": possible.comments,
            "assign": possible.gives,
            "undo": possible.undoes is not None,
            "disclose": possible.discloses,
        }[what]
        bare = self._bare(TITLES[what], is_offered=offered)  # type: ignore[index]  # one of the wishes
        if not offered:
            return replace(bare, typed=self._typed([Ask.mending(each, optional=True) for each in self.view.definition.fields.values()]))
        if what == "correct":
            held, empty = asks_to_correct(self.view.definition, self.view.case, possible.corrects)
            whole = self._form((*held, *empty), "required", fills=True)
            first, between, last = whole.controls[: len(held)], whole.controls[len(held) : -1], whole.controls[-1:]
            return replace(bare, form=FormView(first, whole.faults, whole.offers), besides=between, closing=last)
        if what == "comment":
            return replace(bare, form=self._own(self._comment()))
        if what == "assign":
            return replace(bare, form=self._giving())
        if possible.undoes is not None and what == "undo":
            bare = replace(bare, title=UNDO.fill(step=possible.undoes.title))
        return replace(bare, form=self._own(reason="required"), is_for_good=what == "disclose")

    def _bare(self, title: Label, *, is_offered: bool) -> OpenForm:
        asked, case = self.asked, self.view.case
        return OpenForm(
            what=asked.what,
            is_step=asked.is_step,
            title=title,
            is_offered=is_offered,
            form=self._form((), "none"),
            besides=(),
            closing=(),
            shows=(),
            conditions=(),
            signing=None,
            signers=None,
            changed=self._changed(),
            typed=(),
            others=others_of(asked.who) if asked.who is not None else None,
            is_for_good=False,
            is_exception=False,
            asked=asked,
            key=token_urlsafe(16),
            revision=case.revision,
            seq=case.seq,
        )

    def _form(self, asks: Sequence[Ask], reason: Literal["none", "optional", "required"], *, fills: bool = False) -> FormView:
        sent, view = self.asked.sent, self.view
        shown = {each.id: each for each in view.fields}
        faults = (each for each in self.asked.faults if each.code != "stale")  # which is told in full, with what has changed
        told = [replace(each, sentence=spoken_to(self.screen.name, each.sentence)) for each in faults]
        return form_of(
            asks,
            known_to(self.screen, view.definition, view.case, asks),
            Filling(sent.data, sent.reason, told) if sent is not None else Filling(faults=told),
            present=view.case.data,
            shown=shown,
            reason=reason,
            fills=fills,
        )

    def _own(self, *controls: Control, reason: Literal["none", "optional", "required"] = "none") -> FormView:
        """A form of other things than fields."""
        form = self._form((), reason)
        return FormView((*controls, *form.controls), form.faults)

    def _comment(self) -> Control:
        faults = tuple(without(each.sentence, REMARK) for each in self.asked.faults if each.subject == "text")
        typed = self._said("text")
        return Control("text", "text", REMARK, "text", True, typed, faults=faults, most=COMMENT_LIMIT, lines=3)

    def _giving(self) -> FormView:
        """Those who could hold it, and how much each of them holds already."""
        application, case = self.screen.application, self.view.case
        identity = self.screen.caller.identity
        assert identity is not None
        found = application.standing.candidates(case, self.view.definition, identity)
        roster, held = application.directory.roster(), application.views.held(found, self.screen.access)
        notes = Label("手上 {n} 件", "holds {n}")
        people = sorted(found, key=lambda each: (len(held.get(each, ())), roster.people[each].name))
        choices = [Choice(each, person_title(each, roster), notes.fill(n=len(held.get(each, ())))) for each in people]
        faults = tuple(each.sentence for each in self.asked.faults if each.code == "not_assignable" or each.subject == "person")
        control = Control("person", "person", Label("派给", "To whom"), "line", True, self._said("person"), faults=faults)
        control = as_readable(of_people(control, choices, WHICH, HOLDERS))
        return replace(self._own(control, reason="optional"), offers=offered(choices, HOLDERS))

    def _said(self, name: str) -> str:
        said = self.asked.sent.data.get(name) if self.asked.sent is not None else None
        return said if isinstance(said, str) else ""

    def _conditions(self, option: Option) -> tuple[Question, ...]:
        """What depends on the form, as it came out if it was sent or tried; what holds whatever is filled in is not told."""
        judged = self.asked.refused or self.asked.foreseen
        before, after = (
            [each for each in checks if each.kind == "guard"] for checks in (option.checks, judged.checks if judged is not None else ())
        )
        unsure = [after[place] if place < len(after) else each for place, each in enumerate(before) if each.holds is None]
        return questions_of(unsure, self.view.definition, self.screen.name)

    def _shown(self, names: Sequence[str], step: str) -> tuple[Filled, ...]:
        """The values to be looked at; of a step that was signed already, those that were signed."""
        case, definition = self.view.case, self.view.definition
        signing = case.signing.get(step)
        view = self.view
        if signing is not None:
            data: dict[str, Value] = {name: value for name, value in {**case.data, **signing.form}.items() if value is not None}
            view = self.screen.application.views.of(replace(case, data=data), self.screen.access)
        found = {each.id: each for each in view.fields}
        return tuple(filled(view, found.get(name) or FieldView(name, definition.fields[name].title, EMPTY)) for name in names)

    def _typed(self, asks: Sequence[Ask]) -> tuple[tuple[Label, Label], ...]:
        sent = self.asked.sent
        if sent is None:
            return ()
        words = ((REMARK, self._said("text")), (REASON, sent.reason))
        return (
            *told_of(asks, sent.data, naming(self.screen, self.view.case).title),
            *((title, verbatim(text)) for title, text in words if text),
        )

    def _changed(self) -> tuple[EntryView, ...]:
        """What others have done since the form was opened."""
        sent = self.asked.sent
        if sent is None or sent.seq is None or not (self.asked.is_stale or sent.is_changed_only):
            return ()
        found = self.screen.application.views.timeline(self.view.case, self.screen.access, limit=ENTRIES, after=sent.seq)
        return tuple(each for each in found.entries if not each.is_quiet)
