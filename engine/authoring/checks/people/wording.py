"""What the proof of people has found, in the owner's words: steps, states and roles by their titles, people by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.authoring.checks.people.part import Part
from engine.authoring.checks.people.proving import Blocked, UnitProof
from engine.authoring.checks.people.routes import Route
from engine.core.briefing import called_in
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.problem import Path, Problem
from engine.label import Label, joined, listed, verbatim
from roles.roster import Roster

NAMED = 6
"""How many of several persons or units a sentence names."""

_THEN = Label("；", "; ")
_ASSIGN = Label(
    "用“aftercare people assign”把角色授予更多人，或放宽 by、not_by。",
    "Give the role to more people with “aftercare people assign”, or ease “by” or “not_by”.",
)


class Speaker:
    """Says findings about one definition and its people."""

    def __init__(self, definition: CompiledDefinition, roster: Roster) -> None:
        self.definition = definition
        self.roster = roster
        self._steps = {step.path: step for step in definition.steps()}

    def problems(self, proofs: Sequence[UnitProof]) -> Iterator[Problem]:
        """Everything that was found, each finding once for all units that share it."""
        yield from self.stops(proofs)
        yield from self._singles(proofs)
        yield from self._undecided(proofs)

    def stops(self, proofs: Sequence[UnitProof]) -> Iterator[Problem]:
        """What stops cases."""
        yield from self._unheld(proofs)
        yield from self._blocked(proofs)

    def route(self, route: Route) -> Label:
        """A route by its steps and its end."""
        titles = [*(step.title for step in route.steps), self.definition.states[route.end].title]
        return joined(titles, verbatim(" → "))

    def cause(self, blocked: Blocked) -> Label:
        """Why a route cannot be finished."""
        places = [part.place for part in blocked.parts]
        parts = zip(blocked.parts, blocked.persons, strict=True)
        # Several who sign one step are one thing to say, where the same people may sign for each.
        told = {(part.place, persons): self._part(part, persons, blocked) for part, persons in reversed(list(parts))}
        return joined(
            (self._signed(said) if places.count(place) > 1 else said for (place, _), said in reversed(told.items())),
            _THEN,
        )

    def persons(self, ids: Iterable[str]) -> Label:
        """People by name, with the id where two are called alike."""
        return _shortened([self._person(id) for id in sorted(ids)])

    def units(self, ids: Iterable[str | None]) -> Label:
        """Units by their titles; the whole department where there is none."""
        titles = self.roster.unit_titles
        return _shortened([titles.get(id, verbatim(id)) if id is not None else Label("全部人员", "all people") for id in ids])

    def _person(self, id: str) -> Label:
        return called_in(self.roster).person(id)

    def _unheld(self, proofs: Sequence[UnitProof]) -> Iterator[Problem]:
        """Each role once, at the first step that takes it: who is to be found is one person, however many steps wait."""
        found: dict[str, dict[Path, CompiledStep]] = {}
        for each in (each for proof in proofs for each in proof.unheld):
            found.setdefault(each.role, {}).setdefault(each.path, each.step)
        for role, steps in found.items():
            units = [proof.unit for proof in proofs if any(each.role == role for each in proof.unheld)]
            sentence = Label(
                "没有人担任“{role}”（{units}），无人可办：{steps}",
                "nobody holds “{role}” ({units}), whom these steps take: {steps}",
            )
            way_out = Label("请用“aftercare people assign”授予该角色。", "Give somebody the role with “aftercare people assign”.")
            titles = _shortened([step.title for step in steps.values()])
            filled = sentence.fill(role=self.definition.roles.get(role, verbatim(role)), units=self.units(units), steps=titles)
            yield Problem("role-unheld", next(iter(steps)), filled, way_out)

    def _blocked(self, proofs: Sequence[UnitProof]) -> Iterator[Problem]:
        found: dict[Path, Blocked] = {}
        for proof in proofs:
            for each in proof.blocked:
                found.setdefault(each.place, each)
        for place, each in found.items():
            units = [proof.unit for proof in proofs if any(one.place == place for one in proof.blocked)]
            sentence = Label(
                "没有人能走完这条路（{units}）：{route}。{why}",
                "nobody can finish this way ({units}): {route}. {why}",
            )
            filled = sentence.fill(units=self.units(units), route=self.route(each.route), why=self.cause(each))
            yield Problem("nobody-can-finish", place, filled, _ASSIGN)

    def _singles(self, proofs: Sequence[UnitProof]) -> Iterator[Problem]:
        alone: dict[Path, dict[str, list[str | None]]] = {}
        for proof in proofs:
            for each in proof.singles:
                alone.setdefault(each.step.path, {}).setdefault(each.person, []).append(proof.unit)
        for path, persons in alone.items():
            told = [
                Label("{person}，{units}", "{person}, {units}").fill(person=self.persons([person]), units=self.units(units))
                for person, units in persons.items()
            ]
            sentence = Label("“{step}”只有一个人能办：{who}", "one person alone can do “{step}”: {who}")
            way_out = Label(
                "请让第二个人也担任该角色，否则此人不在岗时工单停下。",
                "Let a second person hold the role, too: cases stop while the only one is away.",
            )
            yield Problem("single-person", (*path, "by"), sentence.fill(step=self._steps[path].title, who=joined(told, _THEN)), way_out)

    def _undecided(self, proofs: Sequence[UnitProof]) -> Iterator[Problem]:
        whys = {proof.unit: proof.undecided for proof in proofs if proof.undecided is not None}
        if whys:
            sentence = Label(
                "未能判定是否每条路都有人走完（{units}）：{why}", "it was not decided whether all can be finished ({units}): {why}"
            )
            way_out = Label("请把流程拆成子流程。", "Split the process into children.")
            yield Problem("people-undecided", ("workflow",), sentence.fill(units=self.units(whys), why=next(iter(whys.values()))), way_out)

    def _part(self, part: Part, persons: Iterable[str], blocked: Blocked) -> Label:
        """Who could take the part, and from whom he is kept apart."""
        who = self.persons(persons)
        sentence = Label("{what}：{who}", "{what}: {who}")
        said = sentence.fill(what=self._what(part), who=who if who.en else Label("无人", "nobody"))
        places = blocked.route.parts
        if places.index(part) in part.apart:
            return Label("{said}，但须由不同的人办理", "{said}, but different persons must do these").fill(said=said)
        kept_apart = (other for other in blocked.parts if other.place != part.place and places.index(other) in part.apart)
        others = list(dict.fromkeys(map(self._what, kept_apart)))
        if not others:
            return said
        return Label("{said}，但不能与{others}是同一人", "{said}, but not the same person as {others}").fill(
            said=said, others=listed(others)
        )

    @staticmethod
    def _signed(said: Label) -> Label:
        return Label("{said}，人数不足：须由不同的人分别签署", "{said}, too few: different persons must sign it").fill(said=said)

    def _what(self, part: Part) -> Label:
        return listed(Label("“{title}”", "“{title}”").fill(title=self._title(place)) for place in (part.place, *part.also))

    def _title(self, place: Path) -> Label:
        return self._steps[place].title if place in self._steps else self.definition.fields[str(place[1])].title


def _shortened(labels: Sequence[Label]) -> Label:
    more = Label("…等 {n}", "… {n} in all").fill(n=len(labels))
    return listed([*labels[:NAMED], *([more] if len(labels) > NAMED else [])])
