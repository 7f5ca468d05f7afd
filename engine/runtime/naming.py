"""Names as people type them: an id, or a title in either language, found again among what there is.

What is not found is handed on as it was typed, so that whoever decides can refuse it in his own words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from itertools import islice

from engine.core.compiled import CompiledDefinition
from engine.core.prose import quoted
from engine.errors import Misuse, Unknown, did_you_mean
from engine.label import Label, listed, verbatim
from roles.roster import Roster

Titles = Mapping[str, Label]
"""id → title."""

_LIKE = 0.5
"""Of two Chinese names of two characters, one is the same."""
_NAMED = 8
"""How many of those that there are a way out names."""


def id_of(name: str, titles: Titles) -> str:
    """The id that a name stands for: itself, or the one whose title it is; the name as typed when nothing fits.

    >>> id_of("接单", {"take": Label("接单", "Take")}), id_of("TAKE", {"take": Label("接单", "Take")}), id_of("x", {})
    ('take', 'take', 'x')
    """
    name = name.strip()
    if name in titles:
        return name
    wanted = name.casefold()
    return next((id for id, title in titles.items() if wanted in (id.casefold(), title.zh.casefold(), title.en.casefold())), name)


def require(name: str, titles: Titles, what: Label) -> str:
    """The same, raising Unknown with the nearest name when nothing fits; else with some of those that there are."""
    found = id_of(name, titles)
    if found not in titles:
        known = [*titles, *(title.zh for title in titles.values()), *(title.en for title in titles.values())]
        sentence = Label("没有{what}{name}。", "There is no {what} {name}.").fill(what=what, name=quoted(name))
        raise Unknown(sentence, did_you_mean(name, known) or _some(titles))
    return found


def person_named(roster: Roster, name: str, told: Collection[str] | None = None) -> str:
    """The id of a person given by id or name.

    Raises Unknown, with the nearest of those who may be named (None: everybody), and Misuse for a name that several of them share.
    """
    found = people_meant(roster, name, told)
    if len(found) > 1:
        who = listed(verbatim(account_of(each, roster)) for each in found[:_NAMED])
        sentence = Label("叫“{name}”的有 {n} 人：{who}。", "{n} people are called “{name}”: {who}.").fill(name=name, n=len(found), who=who)
        raise Misuse(sentence, Label("请写明账号。", "Name one by the account."))
    return found[0] if found else require(name, _told(names_of(roster), told), Label("人员", "person"))


def people_meant(roster: Roster, name: str, told: Collection[str] | None = None) -> tuple[str, ...]:
    """The ids of all whom a name may mean: one by the id, else those who are called so, be it with the id behind."""
    wanted = _plain(name)
    people = [each for each in roster.people.values() if told is None or each.id in told]
    by_id = tuple(each.id for each in people if each.id.casefold() == wanted)
    return by_id or tuple(each.id for each in people if wanted in (_plain(each.name), _plain(account_of(each.id, roster))))


def people_near(roster: Roster, name: str, told: Collection[str] | None = None) -> tuple[str, ...]:
    """Some of those whom a name may have been meant for: they have it in theirs, else theirs is much like it; people, no services."""
    wanted = _plain(name)
    people = [each for each in roster.people.values() if each.kind == "person" and (told is None or each.id in told)]
    holding = tuple(each.id for each in people if wanted in _plain(account_of(each.id, roster)))
    if holding:
        return holding[:_NAMED]
    names = {_plain(each.name): each.id for each in people} | {each.id: each.id for each in people}
    return tuple(dict.fromkeys(names[each] for each in get_close_matches(wanted, names, cutoff=_LIKE)))


def account_of(id: str, roster: Roster) -> str:
    """A person by name, with the id behind it whether others share the name or not."""
    return f"{roster.people[id].name} ({id})"


def unit_named(roster: Roster, name: str, told: Collection[str] | None = None) -> str:
    """The id of a unit given by id or title. Raises Unknown, with the nearest of those that may be named (None: all)."""
    return require(name, _told(roster.unit_titles, told), Label("单位", "unit"))


def names_of(roster: Roster) -> Titles:
    """What everybody is called."""
    return {each.id: verbatim(each.name) for each in roster.people.values()}


def _plain(name: str) -> str:
    """A name as it is compared: however its brackets are written."""
    return name.strip().casefold().replace("（", " (").replace("）", ")")


def _told(titles: Titles, told: Collection[str] | None) -> Titles:
    return titles if told is None else {id: title for id, title in titles.items() if id in told}


def _some(titles: Titles) -> Label | None:
    named = [*islice(titles.values(), _NAMED), *([verbatim("…")] if len(titles) > _NAMED else [])]
    return Label("可用：{names}。", "There are: {names}.").fill(names=listed(named)) if named else None


def by_field(typed: Mapping[str, str], definition: CompiledDefinition, asked: Iterable[str]) -> dict[str, object]:
    """What was typed under titles or ids, by field id. A title that several fields share means the one that is asked."""
    first = {name: definition.fields[name].title for name in asked}
    titles = first | {name: rule.title for name, rule in definition.fields.items() if name not in first}
    return {id_of(name, titles): value for name, value in typed.items()}
