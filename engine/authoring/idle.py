"""Templates that lie in a folder of the user's own and that no document uses.

Asked only of a library that was read whole and holds: of part of one nobody can say what the rest uses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from engine.authoring.diagnostic import Diagnostic
from engine.authoring.layout import Span
from engine.authoring.supplies import TEMPLATES
from engine.label import Label
from engine.settings import SHIPPED as PRODUCT
from notifications import library


def unused_templates(folders: Iterable[Path], used: Collection[str]) -> Iterator[Diagnostic]:
    """A warning for each template in these folders that is not `used` and stands for none that is shipped."""
    shipped = frozenset(library.names([library.SHIPPED]))
    for folder in dict.fromkeys(folders):
        if folder.resolve() == (PRODUCT / "workflows").resolve():
            continue
        for name in library.names([folder / TEMPLATES]):
            if name not in used and name not in shipped:
                sentence = Label("没有流程用到模板“{name}”", "no workflow uses the template “{name}”").fill(name=name)
                way_out = Label("删去它，或在 notify、ladder 中写上。", "Delete it, or name it in a “notify” or a “ladder”.")
                file = folder / TEMPLATES / name / "body.zh.txt.j2"
                yield Diagnostic("unused-template", "warning", str(file), Span(1, 1, 1, 1), sentence, way_out)
