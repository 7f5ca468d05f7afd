"""One YAML file as data, with the place of everything in it, and every mistake of reading it.

The door to the YAML reader: nothing else in the project asks for ruamel's events, so that the parser can be exchanged here.
Knows bytes, text and places; must not know what the keys mean.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from engine.authoring import charset, structure, syntax
from engine.authoring.composer import Composer, Enough
from engine.authoring.diagnostic import Diagnostic, arranged
from engine.authoring.layout import Layout, Place, Span
from engine.authoring.mistake import Mistake
from engine.authoring.scanner import events
from engine.core.problem import Path
from engine.errors import Misuse, reason_of
from engine.label import Label

_NOWHERE = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of one file.

    `data` is made of dict, list and str; every scalar is the raw text that was written (`012`, `18:00`, `no`). It is None
    when the file could not be read to its end. `refused` are the paths whose value has a diagnostic already. `origins` are the
    parts that were written elsewhere (`sharing`, `variant`): path → the document, and the path there.
    """

    file: str
    text: str
    data: Any
    diagnostics: tuple[Diagnostic, ...]
    refused: frozenset[Path]
    places: Mapping[Path, Place]
    layout: Layout
    origins: Mapping[Path, tuple[Document, Path]] = field(default_factory=dict)

    def source(self, path: Path) -> tuple[Document, Path]:
        """The document in whose text the value at `path` was written, and its path there."""
        if not self.origins:
            return self, path
        path = _listed_only(self.data, path)
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                document, root = self.origins[path[:length]]
                return document.source((*root, *path[length:]))
        return self, path

    def span(self, path: Path, offset: int = 0, length: int | None = None, of_key: bool = False) -> Span:
        """The place of the value at `path`, or of its key, or of `length` characters from `offset` of its text.

        A path that is not in the document is answered with the nearest place above it; item 0 of what stands alone is it itself.
        """
        path = self._unlisted(path)
        while path and path not in self.places:
            path, offset, length, of_key = path[:-1], 0, None, True
        place = self.places.get(path, _NOWHERE)
        if of_key and place.key is not None:
            return self.layout.span(*place.key)
        return self.layout.within(place, offset, length)

    def _unlisted(self, path: Path) -> Path:
        for index, part in enumerate(path):
            if part == 0 and path[: index + 1] not in self.places:
                alone = (*path[:index], *path[index + 1 :])
                if index == len(path) - 1:
                    return alone if self.places.get(alone, _NOWHERE).value is not None else path
                return self._unlisted(alone) if alone[: index + 1] in self.places else path
        return path


def _listed_only(data: Any, path: Path) -> Path:
    """The path without an item 0 of a mapping that stands alone where a list may stand."""
    kept: list[str | int] = []
    for index, part in enumerate(path):
        if part == 0 and isinstance(data, dict) and index < len(path) - 1:
            continue
        kept.append(part)
        if isinstance(data, dict):
            data = data.get(part)
        else:
            data = data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else None
    return tuple(kept)


def read_file(path: pathlib.Path) -> Document:
    """Reads the file at a place. Raises Misuse when that cannot be done."""
    return read(content_of(path), str(path))


def content_of(path: pathlib.Path) -> bytes:
    """The bytes of a file. Raises Misuse when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        sentence = Label("无法读取文件“{path}”：{why}。", "The file “{path}” cannot be read: {why}.").fill(path=path, why=reason_of(error))
        raise Misuse(sentence) from error


@lru_cache(maxsize=256)
def read(content: bytes, file: str) -> Document:
    """Reads one file. Never raises for what the file contains: everything wrong with it is among the diagnostics.

    The same content is parsed once, since several sides of the authoring look at it; nobody changes what was read.
    """
    text, unreadable = charset.decode(content)
    layout = Layout(text)
    if any(mistake.code in ("too-large", "not-utf8") for mistake in unreadable):
        return Document(file, text, None, _diagnostics(unreadable, file, layout), frozenset(), {}, layout)
    readable = charset.readable(text)
    composer = Composer(readable, layout)
    whole = _compose(composer, readable)
    diagnostics = _diagnostics((*unreadable, *composer.mistakes), file, layout)
    return Document(file, text, composer.data if whole else None, diagnostics, frozenset(composer.refused), composer.places, layout)


def _compose(composer: Composer, text: str) -> bool:
    """Feeds the composer; true if the document was read to its end."""
    offset = 0
    try:
        for event in events(text):
            offset = min(event.end_mark.index, len(text))
            composer.take(event)
    except Enough:
        return False
    except MarkedYAMLError as error:
        found = syntax.told(error, text)
        composer.mistakes[:] = [earlier for earlier in composer.mistakes if not _only_follows(earlier, found[0], text)]
        composer.mistakes.extend(found)
        return False
    except (YAMLError, ValueError, OverflowError, LookupError, AttributeError, TypeError, AssertionError, NotImplementedError):
        # ruamel lets Python's own errors out in places, as for "\UFFFFFFFF".
        composer.mistakes.append(syntax.unreadable(offset))
        return False
    if composer.data is None:
        composer.mistakes.append(structure.empty_document())
    return True


def _only_follows(earlier: Mistake, error: Mistake, text: str) -> bool:
    """True for a value that seems empty only because its line is not what the author meant."""
    return earlier.code == "empty-value" and "\n" not in text[earlier.start : error.start]


def _diagnostics(mistakes: Iterable[Mistake], file: str, layout: Layout) -> tuple[Diagnostic, ...]:
    return arranged(
        Diagnostic(mistake.code, "error", file, layout.span(mistake.start, mistake.end), mistake.sentence, mistake.way_out)
        for mistake in mistakes
    )
