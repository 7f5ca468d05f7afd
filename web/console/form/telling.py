"""What was filled in, in words: to be read once more, or to be copied where there is no form for it any more.

Pure. Says what was typed as it was typed; whether it can be taken is not asked. Names only people whom its reader may know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from engine.core.command import Raw
from engine.core.field import FieldRule
from engine.core.form import Ask
from engine.label import Label, joined, listed, verbatim

NamedBy = Callable[[str], Label]
"""The id of a person → what its reader may know him by."""
_YES, _NO = Label("是", "yes"), Label("否", "no")
_SEMICOLON = Label("；", "; ")


def told_of(asks: Iterable[Ask], typed: Raw, named: NamedBy) -> tuple[tuple[Label, Label], ...]:
    """The fields of a form that were filled in, by title, with what stands in each."""
    return tuple(_told((ask.field for ask in asks), typed, named))


def told_of_fields(fields: Mapping[str, FieldRule], typed: Raw, named: NamedBy) -> tuple[tuple[Label, Label], ...]:
    """The same of these fields, in the order in which they were typed."""
    return tuple(_told((fields[name] for name in typed if name in fields), typed, named))


def _told(rules: Iterable[FieldRule], typed: Raw, named: NamedBy) -> Iterator[tuple[Label, Label]]:
    for rule in rules:
        said = _said(rule, typed.get(rule.id), named)
        if said is not None:
            yield rule.title, said


def _said(rule: FieldRule, raw: object, named: NamedBy) -> Label | None:
    """None: nothing stands there."""
    if raw in ("", None, []):
        return None
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return _of_several(rule, raw, named)
    text = str(raw)
    if rule.kind.name == "boolean":
        return _YES if text.lower() == "true" else _NO
    if rule.choices is not None and text in rule.choices:
        return rule.choices[text]
    return named(text) if rule.kind.name == "person" else verbatim(text)


def _of_several(rule: FieldRule, raw: Sequence[object], named: NamedBy) -> Label | None:
    if rule.rows is not None:
        rows = [_row(rule.rows.columns, each, named) for each in raw if isinstance(each, Mapping)]
        return joined((each for each in rows if each is not None), _SEMICOLON) if any(rows) else None
    if rule.files is not None:
        return listed(verbatim(str(each["name"])) for each in raw if isinstance(each, Mapping))
    return listed(named(each) for each in raw if isinstance(each, str))


def _row(columns: Mapping[str, FieldRule], raw: Raw, named: NamedBy) -> Label | None:
    cells = [Label("{title} {said}", "{title} {said}").fill(title=title, said=said) for title, said in _told(columns.values(), raw, named)]
    return listed(cells) if cells else None
