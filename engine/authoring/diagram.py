"""A process as a diagram: a Mermaid state diagram with titles in one language, made from the compiled definition.

Draws what the definition says and nothing else: every state, every way between two states, the ends. A step that applies in
most states is drawn once, from a node of its own, or it would hide all the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from engine.core.choosing import BySwitch
from engine.core.compiled import STAY, CompiledDefinition, CompiledStep
from engine.label import Label, Language, listed

_FEW = 3
"""Up to so many states, a step of `anywhere` is drawn from each."""

_ANY = Label("任一未结状态", "Any open state")
_ANY_BUT = Label("任一未结状态，除{states}", "Any open state but {states}")
_ANY_OF = Label("其中任一：{states}", "Any of {states}")
_SPECIAL = str.maketrans({"#": "#35;", '"': "#quot;", ";": "#59;", ":": "#58;", "<": "#lt;", ">": "#gt;", "\n": " "})


def mermaid(definition: CompiledDefinition, language: Language) -> str:
    """The text of the diagram, ready for Mermaid or for a fence in Markdown."""
    return "".join(f"{line}\n" for line in _lines(definition, language))


def _lines(definition: CompiledDefinition, language: Language) -> Iterator[str]:
    yield from ("---", f"title: {json.dumps(definition.title.within(language), ensure_ascii=False)}", "---", "stateDiagram-v2")
    for name, state in definition.states.items():
        yield f"    {_box(name, state.title.within(language))}"
    for start in definition.starts.values():
        yield from _arrows("[*]", start, definition, language)
    for name, state in definition.states.items():
        for step in state.steps.values():
            if not _is_anywhere(step):
                yield from _arrows(name, step, definition, language)
    for name, sources in _anywhere(definition).items():
        yield from _from_many(name, sources, definition, language)
    for name, state in definition.states.items():
        if state.outcome is not None:
            yield f"    {_node(name)} --> [*]"


def _arrows(source: str, step: CompiledStep, definition: CompiledDefinition, language: Language) -> Iterator[str]:
    """One arrow for each target; where a choice decides, the choices that lead there stand beside the title."""
    for target, choices in _targets(step, definition, language).items():
        label = step.title.within(language) + (f" [{' / '.join(choices)}]" if choices else "")
        yield f"    {_node(source)} --> {_node(source if target == STAY else target)}: {label.translate(_SPECIAL)}"


def _targets(step: CompiledStep, definition: CompiledDefinition, language: Language) -> Mapping[str, list[str]]:
    targets: dict[str, list[str]] = {target: [] for target in step.to.values()}
    if isinstance(step.to, BySwitch) and len(targets) > 1:
        titles = definition.fields[step.to.field].choices or {}
        for choice, target in step.to.cases.items():
            targets[target].append(titles[choice].within(language) if choice in titles else choice)
    return targets


def _anywhere(definition: CompiledDefinition) -> Mapping[str, list[str]]:
    """Each step of `anywhere` → the states in which it applies."""
    found: dict[str, list[str]] = {}
    for name, state in definition.states.items():
        for step in state.steps.values():
            if _is_anywhere(step):
                found.setdefault(step.id, []).append(name)
    return found


def _from_many(name: str, sources: list[str], definition: CompiledDefinition, language: Language) -> Iterator[str]:
    still_open = [state for state, rule in definition.states.items() if rule.outcome is None]
    step = definition.states[sources[0]].steps[name]
    if len(sources) <= _FEW or not set(sources) <= set(still_open):
        for source in sources:
            yield from _arrows(source, step, definition, language)
        return
    others = [state for state in still_open if state not in sources]
    words = _ANY if not others else _ANY_BUT if len(others) < len(sources) else _ANY_OF
    named = [definition.states[state].title for state in (others if words is _ANY_BUT else sources)]
    node = f"anywhere.{name}"
    yield f"    {_box(node, words.fill(states=listed(named)).within(language))}"
    yield from _arrows(node, step, definition, language)


def _is_anywhere(step: CompiledStep) -> bool:
    return step.path[:1] == ("anywhere",)


def _box(name: str, title: str) -> str:
    return f'state "{title.translate(_SPECIAL)}" as {_node(name)}'


def _node(name: str) -> str:
    """The name as Mermaid takes it: a hyphen would begin an arrow, and `end` or `state` would be its own words."""
    return name if name == "[*]" else f"s_{name.replace('-', '·')}"
