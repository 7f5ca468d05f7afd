"""From a document as written to the document that is meant – with what it includes, and with its base if it is a variant – and its model.

Everything behind it sees one whole document, of which each piece knows the file it was written in. Knows where bases and parts are
found; must not know how they are put together (`sharing`, `variant`), nor what any of it means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import Document
from engine.authoring.loader import load
from engine.authoring.sharing import with_choices, with_parts
from engine.authoring.shelf import Part, Shelf
from engine.authoring.variant import derived
from engine.authoring.weakening import Weakening, weakenings
from engine.core.problem import Path, Problem
from engine.definition.element import NAME
from engine.definition.sharing import ScenarioLeftOut, WorkflowFile
from engine.definition.workflow import Workflow
from engine.errors import did_you_mean
from engine.label import Label

LONGEST_CHAIN = 3
"""Documents that may follow upon each other: a base, its variant, and a variant of that."""

_HEAD = ("workflow", "version", "title", "extends")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document as it is meant, and everything that is wrong with its words.

    `document` is the whole; it is what is checked, tested and published. `merged` is the same with shared choices still by name, as a
    variant builds on it. `workflow` is None where there is an error.
    """

    document: Document
    merged: Document
    workflow: Workflow | None
    diagnostics: tuple[Diagnostic, ...]
    base: Rendered | None = None
    parts: tuple[Part, ...] = ()
    """What it includes itself."""
    left_out: tuple[ScenarioLeftOut, ...] = ()
    """The scenarios of its base that do not hold for it."""

    @property
    def name(self) -> str | None:
        """What the document calls itself, be it right or wrong."""
        return _name(self.document)

    @property
    def is_shared(self) -> bool:
        """Whether it is more than the text of its own file."""
        return self.base is not None or bool(self.parts)

    def is_own(self, path: Path) -> bool:
        """Whether it answers for what stands there: a variant does for what it says itself, the rest is its base's."""
        return self.base is None or self.document.source(path)[0].file == self.document.file

    def bases(self) -> Iterator[Rendered]:
        """Its base, the base of that, and so on."""
        if self.base is not None:
            yield self.base
            yield from self.base.bases()

    def weakenings(self) -> tuple[Weakening, ...]:
        """Which safeguards of its base it lacks; none where either has mistakes."""
        if self.base is None or self.base.workflow is None or self.workflow is None:
            return ()
        return weakenings(self.base.workflow, self.workflow)

    @property
    def root(self) -> Rendered:
        """The base of all its bases, or itself."""
        return self if self.base is None else self.base.root

    def files(self) -> Iterator[Document]:
        """Every document that it was made of: its own file, its parts, and the same of its bases."""
        yield self.document
        yield from (part.document for part in self.parts)
        if self.base is not None:
            yield from self.base.files()


class Renderer:
    """Renders documents that are read together. `around`: others, in which bases are found too; `shelf` holds the parts of those."""

    def __init__(
        self, documents: Sequence[tuple[Document, Shelf]], around: Callable[[], Iterable[Document]] = tuple, shelf: Shelf | None = None
    ) -> None:
        self._documents = documents
        self._look_around = around
        self._shelf = shelf or Shelf()
        self._rendered: dict[tuple[str, str], Rendered] = {}

    @cached_property
    def around(self) -> tuple[Document, ...]:
        """The other documents, read when somebody asks for them."""
        return tuple(self._look_around())

    def render(self, document: Document, shelf: Shelf | None = None) -> Rendered:
        """A document as it is meant."""
        key = (document.file, document.text)
        if key not in self._rendered:
            self._rendered[key] = self._render(document, shelf or self._shelf)
        return self._rendered[key]

    def _render(self, document: Document, shelf: Shelf) -> Rendered:
        whole, parts = with_parts(document, shelf)
        base = None
        if isinstance(document.data, dict) and "extends" in document.data:
            base, problem = self._base_of(document)
            whole = derived(whole, base.merged) if base is not None else _heading_of(whole, problem)
        rendered = with_choices(whole)
        file, diagnostics = load(rendered, WorkflowFile)
        if file is None:
            return Rendered(rendered, whole, None, diagnostics, base, parts)
        return Rendered(rendered, whole, file.workflow_itself(), diagnostics, base, parts, file.except_scenarios)

    def _base_of(self, document: Document) -> tuple[Rendered | None, Problem | None]:
        """The base, or why it cannot be had; neither where what `extends` says is told as such."""
        name = _extended(document)
        if name is None or ("extends",) in document.refused or not re.fullmatch(NAME, name):
            return None, None
        chain = self._chain(document, name)
        if chain[-1] == chain[0]:
            return None, _bad_chain(Label("变体不能以自己为基础：{chain}", "a variant cannot be its own base: {chain}"), chain)
        # A chain that runs into a circle is none of this document's mistake: its base tells of it.
        if len(chain) > LONGEST_CHAIN and len(set(chain)) == len(chain):
            sentence = Label("变体链最多 {most} 个文件，实际为 {chain}", "expected a chain of at most {most} documents, found {chain}")
            return None, _bad_chain(sentence, chain)
        found = self._find(name)
        if found is None:
            sentence = Label("没有流程“{name}”", "there is no workflow “{name}”").fill(name=name)
            return None, Problem("unknown-workflow", ("extends",), sentence, did_you_mean(name, self._names() - {_name(document) or ""}))
        base = self.render(*found)
        return (None, faulty_base(base)) if base.workflow is None else (base, None)

    def _chain(self, document: Document, name: str | None) -> list[str]:
        """The ids from the document upwards, until one comes again or the chain is too long."""
        chain = [_name(document) or ""]
        while name is not None and name not in chain and len(chain) <= LONGEST_CHAIN:
            chain.append(name)
            found = self._find(name)
            name = _extended(found[0]) if found is not None else None
        return chain if name not in chain else [*chain, name]

    def _find(self, name: str) -> tuple[Document, Shelf] | None:
        read = next((found for found in self._documents if _name(found[0]) == name), None)
        return read or next(((each, self._shelf) for each in self.around if _name(each) == name), None)

    def _names(self) -> set[str]:
        return {name for each in (*(document for document, _ in self._documents), *self.around) if (name := _name(each)) is not None}


def faulty_base(base: Rendered) -> Problem:
    """The document that a variant extends has mistakes of its own: nothing can be said of the variant."""
    sentence = Label("流程“{name}”的文件有错误", "the file of the workflow “{name}” has mistakes").fill(name=base.name)
    return Problem("unknown-workflow", ("extends",), sentence, Label("先改正该文件。", "Mend that file first."))


def _heading_of(document: Document, problem: Problem | None) -> Document:
    """What can be said of a variant without its base: whether its heading is well written."""
    told = (Diagnostic.of(problem, document),) if problem is not None else ()
    heading = {key: value for key, value in document.data.items() if key in _HEAD}
    return replace(document, data=heading, diagnostics=(*document.diagnostics, *told))


def _bad_chain(sentence: Label, chain: Sequence[str]) -> Problem:
    way_out = Label("请以更上层的流程为基础。", "Extend a workflow further up.")
    return Problem("base-chain", ("extends",), sentence.fill(most=LONGEST_CHAIN, chain=" → ".join(chain)), way_out)


def _extended(document: Document) -> str | None:
    """The id of the workflow of which a document as written is a variant."""
    name = document.data.get("extends") if isinstance(document.data, dict) else None
    return name if isinstance(name, str) else None


def _name(document: Document) -> str | None:
    name = document.data.get("workflow") if isinstance(document.data, dict) else None
    return name if isinstance(name, str) else None
