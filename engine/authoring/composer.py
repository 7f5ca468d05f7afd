"""From YAML's events to plain data with a place for every value, telling everything in it that the language does not allow.

Every scalar stays the raw text that was written; types are read later, by whoever expects one. Knows the shape of events
and offsets; must not know models, files or how a mistake is shown. Works on the stream, without recursion: limits are met
at the event that breaks them, however large or deep the rest would be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.events import (
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from engine.authoring import charset, fullwidth, structure
from engine.authoring.layout import Layout, Place, written
from engine.authoring.mistake import Mistake
from engine.core.problem import Path

MOST_LEVELS = 20
MOST_NODES = 10_000


class Enough(Exception):
    """The document breaks a limit, or ends where another begins: nothing after this event is worth reading."""


@dataclass(slots=True)
class _Key:
    text: str
    start: int
    end: int
    plain: bool
    refused: bool = False
    """Something is wrong with the key itself; nothing more is said about its value."""


@dataclass(slots=True)
class _Frame:
    """An open mapping or list. `path` is None where data goes nowhere: in a second entry of a key, or in a key itself."""

    data: dict[str, Any] | list[Any]
    path: Path | None
    start: int
    flow: bool
    key: _Key | None
    is_key: bool = False
    pending: _Key | None = None
    firsts: dict[str, int] = field(default_factory=dict)
    previous: structure.Entry | None = None
    fragments: list[_Key] = field(default_factory=list)


class Composer:
    """Takes the events of one document; afterwards holds `data`, `places`, `refused` and `mistakes`.

    `refused` are the paths whose value is already known to be wrong: nothing more should be said about them.
    """

    def __init__(self, text: str, layout: Layout) -> None:
        self._text = text
        self._layout = layout
        self._frames: list[_Frame] = []
        self._nodes = 0
        self._documents = 0
        self.data: Any = None
        self.places: dict[Path, Place] = {}
        self.refused: set[Path] = set()
        self.mistakes: list[Mistake] = []

    def take(self, event: Event) -> None:
        """One event. Raises Enough when a limit is broken or a second document begins."""
        if isinstance(event, DocumentStartEvent):
            self._document(event)
        elif isinstance(event, NodeEvent):
            self._node(event)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._close(event)

    def _document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        start = event.start_mark.index
        if self._documents > 1:
            self.mistakes.append(structure.second_document(start, self._layout.line_end(start)))
            raise Enough
        directive = structure.directive_before(self._text[: event.end_mark.index])
        if directive is not None:
            self.mistakes.append(directive)

    def _node(self, event: NodeEvent) -> None:
        self._nodes += 1
        start = event.start_mark.index
        if self._nodes > MOST_NODES:
            self.mistakes.append(structure.too_many_nodes(start, MOST_NODES))
            raise Enough
        frame = self._frames[-1] if self._frames else None
        as_key = frame is not None and isinstance(frame.data, dict) and frame.pending is None
        marked = self._marks(event)
        if frame is not None and as_key and isinstance(event, ScalarEvent):
            frame.pending = self._key(event, marked)
        elif isinstance(event, CollectionStartEvent):
            self._open(event, frame, as_key, marked)
        elif frame is not None and as_key:
            frame.pending = _Key("", start, event.end_mark.index, plain=False, refused=True)
        else:
            self._scalar(event, frame, marked)

    def _marks(self, event: NodeEvent) -> bool:
        """Tells of a tag, an anchor, an alias; true if there is one."""
        found = structure.marks(event, self._text)
        self.mistakes.extend(found)
        return bool(found)

    def _key(self, event: ScalarEvent, marked: bool) -> _Key:
        start, end = event.start_mark.index, event.end_mark.index
        key = _Key(event.value, start, end, not event.style, marked or self._hides(event))
        key.text = key.text.replace(charset.STAND_IN, "")
        if key.plain and key.text == "<<":
            self.mistakes.append(structure.merge_key(start, end))
            key.refused = True
        elif key.plain and not key.text and not key.refused:
            self.mistakes.append(structure.key_missing(start, end))
            key.refused = True
        return key

    def _open(self, event: CollectionStartEvent, frame: _Frame | None, as_key: bool, marked: bool) -> None:
        start = event.start_mark.index
        if len(self._frames) >= MOST_LEVELS:
            self.mistakes.append(structure.too_deep(start, MOST_LEVELS))
            raise Enough
        data: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        if frame is not None and as_key:
            self.mistakes.append(structure.key_not_scalar(start, self._layout.line_end(start)))
            self._refuse(frame.path)
            self._frames.append(_Frame(data, None, start, bool(event.flow_style), None, is_key=True))
            return
        path, key = self._settle(data, frame)
        if marked:
            self._refuse(path)
        self._frames.append(_Frame(data, path, start, bool(event.flow_style), key))

    def _close(self, event: Event) -> None:
        frame = self._frames.pop()
        self._tell_fragments(frame)
        if frame.is_key:
            self._frames[-1].pending = _Key("", frame.start, event.end_mark.index, plain=False, refused=True)
        elif frame.path is not None:
            # A block ends where the next token begins, lines later: its first line stands for it.
            end = event.end_mark.index if frame.flow else self._layout.line_end(frame.start)
            self.places[frame.path] = Place(frame.start, end, _stretch(frame.key))

    def _scalar(self, event: NodeEvent, frame: _Frame | None, marked: bool) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        value, style = "", "plain"
        if isinstance(event, ScalarEvent):
            value, style = event.value, event.style or "plain"
        empty = style == "plain" and not value and not marked
        if empty and frame is not None and frame.pending is not None and self._is_fragment(frame, frame.pending, start):
            return
        path, key = self._settle(value.replace(charset.STAND_IN, ""), frame)
        wrong = marked
        if empty:
            self._tell_empty(frame, key, start)
            wrong = True
        elif isinstance(event, ScalarEvent) and not marked:
            wrong = self._hides(event) or (style == "plain" and self._is_full_width(start, end, frame))
        if frame is not None and key is not None:
            frame.previous = structure.Entry(key.text, start, end, style == "plain")
        if path is not None:
            self.places[path] = Place(start, end, _stretch(key), value, style)
        if wrong:
            self._refuse(path)

    def _settle(self, value: Any, frame: _Frame | None) -> tuple[Path | None, _Key | None]:
        """Puts a value where it belongs; its path, or None when it belongs nowhere, and its key."""
        if frame is None:
            self.data = value
            return (), None
        if isinstance(frame.data, list):
            frame.data.append(value)
            return (None if frame.path is None else (*frame.path, len(frame.data) - 1)), None
        key, frame.pending = frame.pending, None
        assert key is not None, "a mapping's value always follows its key"
        self._tell_fragments(frame)
        frame.previous = None
        self._mend(key)
        if key.refused and not key.text:
            return None, key
        if key.text in frame.firsts:
            first = self._layout.span(frame.firsts[key.text], key.end)
            self.mistakes.append(structure.duplicate(key.text, key.start, key.end, first.line))
            return None, key
        frame.firsts[key.text] = key.start
        frame.data[key.text] = value
        path = None if frame.path is None else (*frame.path, key.text)
        if key.refused:
            self._refuse(path)
        return path, key

    def _mend(self, key: _Key) -> None:
        """Tells of full-width punctuation in a key, which is never prose, and reads the key as it was meant."""
        at = fullwidth.first(key.text) if key.plain and not key.refused else None
        if at is not None:
            self.mistakes.append(fullwidth.mistake(key.text[at], key.start + at))
            key.text = fullwidth.intended_key(key.text) or key.text
            key.refused = True

    def _is_fragment(self, frame: _Frame, key: _Key, value_start: int) -> bool:
        """True for a 'key' of a flow mapping that is but the rest of a sentence behind a comma; it is kept for telling."""
        written_colon = ":" in self._text[key.end : value_start]
        if not frame.flow or key.refused or written_colon or fullwidth.intended_key(key.text) is not None:
            return False
        frame.pending = None
        frame.fragments.append(key)
        return True

    def _tell_fragments(self, frame: _Frame) -> None:
        if not frame.fragments:
            return
        first, last = frame.fragments[0], frame.fragments[-1]
        rest = self._text[first.start : last.end]
        whole = self._text[frame.previous.start : last.end] if frame.previous and frame.previous.plain else None
        self.mistakes.append(structure.cut_by_comma(first.start, last.end, rest, frame.previous.key if frame.previous else None, whole))
        assert isinstance(frame.data, dict)
        for fragment in frame.fragments:
            # Known to the data, so that a key which only lacks its value is not called missing as well.
            if fragment.text not in frame.data:
                frame.data[fragment.text] = ""
                if frame.path is not None:
                    path = (*frame.path, fragment.text)
                    self.places[path] = Place(fragment.start, fragment.end, (fragment.start, fragment.end), "", "plain")
                    self._refuse(path)
        frame.fragments.clear()

    def _tell_empty(self, frame: _Frame | None, key: _Key | None, start: int) -> None:
        if frame is None:
            self.mistakes.append(structure.empty_document())
        elif key is None:
            self.mistakes.append(structure.empty_item(start))
        elif not key.refused:
            self.mistakes.append(structure.empty_value(key.text, key.start, key.end))

    def _hides(self, event: ScalarEvent) -> bool:
        """True for a scalar with a character that cannot be seen; tells of those that an escape wrote."""
        start, end = event.start_mark.index, event.end_mark.index
        raw = self._text[start:end]
        if charset.STAND_IN in raw:
            return True
        at = charset.unseen(event.value) if event.style == '"' else None
        if at is None:
            return False
        first, last = written(raw, event.value, event.style)[at]
        self.mistakes.append(charset.unseen_character(event.value[at], start + first, start + last))
        return True

    def _is_full_width(self, start: int, end: int, frame: _Frame | None) -> bool:
        within_list = frame is not None and frame.flow and isinstance(frame.data, list)
        at = fullwidth.in_plain(self._text[start:end], within_list)
        if at is None:
            return False
        self.mistakes.append(fullwidth.mistake(self._text[start + at], start + at))
        return True

    def _refuse(self, path: Path | None) -> None:
        if path is not None:
            self.refused.add(path)


def _stretch(key: _Key | None) -> tuple[int, int] | None:
    return None if key is None else (key.start, key.end)
