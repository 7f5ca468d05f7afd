"""Templates to look at: what there is, where it comes from, and how one reads in both languages with sample data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.authoring.checks.text import ALWAYS, OF_A_CLOCK
from engine.authoring.supplies import TEMPLATES
from engine.core.wording import left, local
from engine.errors import Unknown, did_you_mean
from engine.label import Label, Language
from engine.runtime.digest import DIGEST, VARIABLES, Entry, values_of
from engine.runtime.wording import NUMBER
from notifications import library, render
from notifications.message import Text
from notifications.template import Fault, Template

_NUMBER = "WX26-000123"
_RECIPIENT = "测试客户甲"
_DUE = datetime(2026, 9, 30, 16, 30)  # noqa: DTZ001 - local time of the zone that the preview is made in

_KNOWN = {**ALWAYS, **OF_A_CLOCK}


@dataclass(frozen=True, slots=True)
class Listed:
    """A template: its name, its folder, and whether it comes with the product; its Chinese and English subject as written."""

    name: str
    folder: Path
    is_shipped: bool
    subject: Label


@dataclass(frozen=True, slots=True)
class Preview:
    """A template filled with sample data, or the faults for which it cannot be."""

    listed: Listed
    passed: tuple[str, ...]
    """The names that a `with` must pass to it."""
    texts: tuple[tuple[Language, Text], ...]
    faults: tuple[Fault, ...]


def templates(folders: Sequence[Path]) -> tuple[Listed, ...]:
    """Every template in the definition folders, nearest first, and of the product; each once. Raises Misuse for one that cannot be read."""
    places = _places(folders)
    return tuple(_listed(name, places) for name in library.names(places))


def preview(name: str, folders: Sequence[Path], zone: ZoneInfo, link: str) -> Preview:
    """How a template reads: a case of a test customer, whose clock is due in an hour. Raises Unknown, and Misuse as above."""
    places = _places(folders)
    known = library.names(places)
    if name not in known:
        raise Unknown(Label("没有消息模板“{name}”。", "There is no template “{name}”.").fill(name=name), did_you_mean(name, known))
    template = _read(name, places)
    known_to = VARIABLES if name == DIGEST else _KNOWN
    passed = tuple(sorted(render.names(template) - known_to.keys()))
    faults = render.check(template, {**known_to, **{each: frozenset() for each in passed}})
    languages: tuple[Language, ...] = () if faults else ("zh", "en")
    values = _digest_values if name == DIGEST else _values
    texts = tuple((language, render.render(template, language, values(language, passed, zone, link))) for language in languages)
    return Preview(_listed(name, places), passed, texts, faults)


def _values(language: Language, passed: Sequence[str], zone: ZoneInfo, link: str) -> dict[str, object]:
    due = _DUE.replace(tzinfo=zone)
    return {
        "case": {
            "number": _NUMBER,
            "title": Label("手机返修", "Phone repair").within(language),
            "state": Label("检测中", "Being diagnosed").within(language),
            "link": link.replace(NUMBER, _NUMBER),
        },
        "recipient": {"name": _RECIPIENT},
        "clock": {
            "title": Label("检测时限", "Diagnosis").within(language),
            "due": local(due, zone).within(language),
            "left": left(due, due - timedelta(hours=1)).within(language),
        },
        **{name: f"‹{name}›" for name in passed},
    }


def _digest_values(language: Language, _passed: Sequence[str], zone: ZoneInfo, link: str) -> dict[str, object]:
    due = _DUE.replace(tzinfo=zone)
    said = (
        Label("已到期：{number} 检测时限", "Past due: {number} Diagnosis"),
        Label("请回访客户：{number}", "Please call the customer back: {number}"),
    )
    entries = [
        Entry(_NUMBER, each.fill(number=_NUMBER).within(language), when, zone, link.replace(NUMBER, _NUMBER))
        for each, when in zip(said, (due, None), strict=True)
    ]
    return values_of(entries, _RECIPIENT, language, due - timedelta(hours=1))


def _places(folders: Sequence[Path]) -> list[Path]:
    return [*(folder / TEMPLATES for folder in folders), library.SHIPPED]


def _listed(name: str, places: Sequence[Path]) -> Listed:
    folder = next(place for place in places if (place / name).is_dir())
    template = _read(name, [folder])
    return Listed(name, folder / name, folder == library.SHIPPED, Label(template.subject_zh.strip(), template.subject_en.strip()))


def _read(name: str, places: Sequence[Path]) -> Template:
    template = library.find(name, places)
    assert template is not None  # its folder was seen
    return template
