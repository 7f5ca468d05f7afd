"""What the variants among checked definitions weaken of their bases: each safeguard with the place where it is given up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from commands import terminal
from commands.speech import say, tr
from engine.authoring.layout import Span
from engine.authoring.library import Checked
from engine.authoring.weakening import Weakening


def show_weakened(definitions: Iterable[Checked]) -> None:
    """A block for each variant that weakens something; nothing for the others."""
    for checked in definitions:
        found: Sequence[Weakening] = checked.rendered.weakenings()
        base = checked.rendered.base
        if base is None or not found:
            continue
        terminal.show(tr("{variant} 较 {base} 放宽：", "{variant} weakens {base}:", variant=checked.compiled.workflow, base=base.name))
        for each in found:
            file, span = _place(checked, each)
            terminal.show(f"  {file}:{span.line}:{span.column}: {say(each.sentence)}")
        terminal.show("")


def _place(checked: Checked, found: Weakening) -> tuple[str, Span]:
    source, path = checked.document.source(found.path)
    return source.file, source.span(path, of_key=True)
