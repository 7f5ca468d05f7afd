"""Changes of clocks: how long, where they stand still, when they begin again, and whom their ladders tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.authoring.checks.graph import edges_of
from engine.authoring.mention import words_in
from engine.authoring.scenario.mutation.choices import choices, instead
from engine.authoring.scenario.mutation.conditions import shifted
from engine.authoring.scenario.mutation.edit import GONE
from engine.authoring.scenario.mutation.mutant import Change, Original, change
from engine.authoring.scenario.mutation.outcomes import untold
from engine.authoring.scenario.mutation.shift import lengths
from engine.core.compiled import CompiledDefinition
from engine.core.problem import Path
from engine.definition.clock import Clock, Rung
from engine.label import Label, verbatim


def timing(original: Original) -> Iterator[Change]:
    """Every such change, clock by clock, then those of shared ladders."""
    for name, clock in original.workflow.clocks.items():
        path: Path = ("clocks", name)
        title = clock.title.label
        yield from _length(original, title, path, clock)
        yield from _course(original, title, path, clock)
        if not isinstance(clock.ladder, str):
            yield from _ladder(original, title, (*path, "ladder"), clock.ladder)
    for name, ladder in original.workflow.ladders.items():
        yield from _ladder(original, verbatim(name), ("ladders", name), ladder)


def _length(original: Original, title: Label, path: Path, clock: Clock) -> Iterator[Change]:
    if clock.limit is None:
        return
    place = Label("“{clock}”的期限", "the limit of “{clock}”").fill(clock=title)
    for at, text in words_in(clock.limit, (*path, "limit")):
        for new in lengths(text, original.definition.scope):
            yield change(original, "limit-shifted", at, new, f"{text} {new}" if text != clock.limit else new, instead(place, text, new))
    yield from choices(original, title, (*path, "limit"), clock.limit)


def _course(original: Original, title: Label, path: Path, clock: Clock) -> Iterator[Change]:
    for index in range(len(clock.pauses)):
        what = Label("“{clock}”在该暂停时不暂停", "“{clock}” went on where it pauses").fill(clock=title)
        yield change(original, "pause-dropped", (*path, "pauses", index), GONE, str(clock.pauses[index]), what)
    if clock.restart == "any_step" or _can_come_back(original.definition, str(path[1])):
        restart = "never" if clock.restart != "never" else "on_entry"
        old = clock.restart if isinstance(clock.restart, str) else ", ".join(clock.restart)
        place = Label("“{clock}”的“restart”", "“restart” of “{clock}”").fill(clock=title)
        yield change(original, "restart-changed", (*path, "restart"), restart, restart, instead(place, old, restart))
    for index, step in enumerate(clock.until):
        if len(clock.until) > 1 and not _ends_for_good(original.definition, step):
            what = Label("“{step}”不再结束“{clock}”", "“{step}” no longer ended “{clock}”").fill(step=original.word(step), clock=title)
            yield change(original, "until-dropped", (*path, "until", index), GONE, step, what)
    if clock.when is not None:
        what = Label("“{clock}”不论“{when}”都计时", "“{clock}” ran whether “{when}” or not").fill(clock=title, when=clock.when)
        yield change(original, "when-dropped", (*path, "when"), GONE, clock.when, what)
        yield from shifted(original, Label("“{clock}”的条件", "the condition of “{clock}”").fill(clock=title), (*path, "when"), clock.when)


def _can_come_back(definition: CompiledDefinition, clock: str) -> bool:
    """Whether a case can leave the states of the clock and enter them again; only then does it matter what it does on entry."""
    edges, inside = edges_of(definition), definition.clocks[clock].states
    left = {target for state in inside for _, target in edges[state]} - inside
    seen = set(left)
    while left:
        left = {target for state in left for _, target in edges[state]} - seen
        seen |= left
        if seen & inside:
            return True
    return False


def _ends_for_good(definition: CompiledDefinition, step: str) -> bool:
    """Whether no case goes on after the step: all its clocks end with it, whether it is among those of `until` or not."""
    edges = edges_of(definition)
    final = {name for name, state in definition.states.items() if state.outcome is not None and not edges[name]}
    return {target for each in edges.values() for name, target in each if name == step} <= final


def _ladder(original: Original, title: Label, path: Path, ladder: Sequence[Rung]) -> Iterator[Change]:
    for index, rung in enumerate(ladder):
        here = (*path, index)
        which = rung.at.replace(" ", "")
        what = Label("“{clock}”没有 {rung} 这一级", "“{clock}” had no rung {rung}").fill(clock=title, rung=rung.at)
        yield change(original, "rung-dropped", here, GONE, which, what)
        place = Label("{clock} {rung}", "{clock} {rung}").fill(clock=title, rung=rung.at)
        yield from untold(original, place, here, rung, which)
        yield from shifted(original, place, (*here, "when"), rung.when)
