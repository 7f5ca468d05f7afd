"""What a program reads: one JSON object that is a CloudEvent and, with `type`, `timestamp` and `data`, what Standard Webhooks asks for.

Thin and under 20 kB, whatever it is made of. It depends on the message alone, so it is the same at every attempt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from notifications.message import Happening, Matter, Message, Text, cut

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
HOMELESS = "/aftercare"
"""The source of what comes from an installation that has no address of its own."""

_MOST = 20_000
"""Bytes that a payload stays under."""
_LONGEST_SUBJECT = 200
_BODIES = (4000, 2000, 1000, 0)
"""Characters of a body; the longest that fits is taken."""
_VERSION = "v1"
"""Of the payload: a key that is added is no other version, one that goes or means something else is."""


def payload(message: Message, source: str, now: datetime) -> bytes:
    """The body of a post. `source`: who sends it, a URI; `now`: when what is about no case was made up."""
    kind, versions = _told(message)
    head = _head(message, kind, source, now)
    encoded = (_encoded({**head, "data": data}) for data in versions)
    return next(each for each in encoded if len(each) < _MOST)


def source_of(link: str) -> str:
    """Who sends, from the setting `link`: where the cases of this installation are looked at.

    >>> source_of("https://desk.example.com/cases/{number}"), source_of("")
    ('https://desk.example.com', '/aftercare')
    """
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else HOMELESS


def _head(message: Message, kind: str, source: str, now: datetime) -> dict[str, object]:
    matter = message.matter
    at = _instant(matter.recorded_at if matter is not None else now)
    about = {"subject": matter.number} if matter is not None else {}
    return {
        "specversion": "1.0",
        "id": message.id,
        "source": source,
        "type": f"aftercare.{kind}.{_VERSION}",
        **about,
        "time": at,
        "timestamp": at,
        "datacontenttype": "application/json",
        "dataschema": f"urn:aftercare:schema:{kind}:{_VERSION}",
    }


def _told(message: Message) -> tuple[str, Iterator[Mapping[str, object]]]:
    """What sort of message it is, and its data from the fullest version to the barest."""
    matter = message.matter
    if matter is None:
        return "endpoint.test", _texts({}, message.text)
    if matter.happening is not None:
        return f"event.{matter.happening.name}", _happenings(_about(matter), matter.happening)
    due_at = _instant(matter.due_at) if matter.due_at is not None else None
    return "case.message", _texts({**_about(matter), "template": matter.template, "due_at": due_at}, message.text)


def _about(matter: Matter) -> Mapping[str, object]:
    return {
        "case": matter.number,
        "workflow": matter.workflow,
        "version": matter.version,
        "state": matter.state,
        "seq": matter.seq,
        "link": matter.link or None,
    }


def _texts(about: Mapping[str, object], text: Text) -> Iterator[Mapping[str, object]]:
    for limit in _BODIES:
        yield {**about, "subject": cut(text.subject, _LONGEST_SUBJECT), "body": cut(text.body, limit) if limit else ""}


def _happenings(about: Mapping[str, object], happening: Happening) -> Iterator[Mapping[str, object]]:
    """First with all fields; then without the longest, the two longest, …, which are named as left out."""
    longest_first = sorted(happening.fields, key=lambda name: len(_encoded(happening.fields[name])), reverse=True)
    for count in range(len(longest_first) + 1):
        omitted = longest_first[:count]
        yield {**about, "fields": {name: value for name, value in happening.fields.items() if name not in omitted}, "omitted": omitted}


def _encoded(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
