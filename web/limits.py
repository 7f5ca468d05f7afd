"""What a request may cost: how large, how deep, how often, how many at once. All limits of the API and of the pages in one place.

Plain numbers; who holds them to a request stands in `web.gate` and `web.body`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.attaching import MB
from engine.runtime.attachment import LARGEST
from engine.runtime.budget import Rate
from engine.runtime.sheet import BYTES_LIMIT

KB = 1_000
EVENT = 64 * 1024
"""Bytes of an event."""
CASES_PER_PLAN = 1_000
"""How many cases a plan over the API may have: it is answered while the caller waits."""
TEXTS = 20
"""How many definitions are checked together."""
TEXT = 256 * 1024
"""How large a definition may be, in characters; in bytes the check says so itself."""
_PER_TOKEN, _PER_SOURCE, _FAILURES, _VAIN = Rate(200, 400), Rate(50, 500), Rate(0.1, 20), Rate(0.1, 100)
_PER_SESSION, _STRANGERS, _REPORTS = Rate(20, 400), Rate(0.2, 60), Rate(0.1, 20)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server allows; what is above is refused before anything is done."""

    body: int = MB
    """Bytes of a body, but for files."""
    file: int = LARGEST
    """Bytes of a file."""
    depth: int = 32
    """Lists and objects within each other in a body."""
    body_within: float = 30
    """Seconds in which a body has to arrive, but for files."""
    file_within: float = 300
    """Seconds in which a file has to arrive."""
    sheet: int = BYTES_LIMIT
    """Bytes of a sheet that is taken in on the screen."""
    report: int = 16 * KB
    """Bytes of what a browser tells that it was not allowed to load."""
    address: int = 8 * KB
    """Bytes of path and query."""
    headers: int = 16 * KB
    """Bytes of all headers."""
    at_once: int = 128
    """Requests that are served at the same time; files are held in memory, so of those far fewer."""
    files_at_once: int = 4
    per_token: Rate = _PER_TOKEN
    failures: Rate = _FAILURES
    """Requests without a good token from one address."""
    per_source: Rate = _PER_SOURCE
    """Events of one source whose signature is good: they are taken in one after another, so that many keep all others waiting."""
    vain: Rate = _VAIN
    """Searches of one holder that find nothing."""
    per_session: Rate = _PER_SESSION
    """Requests of one session."""
    strangers: Rate = _STRANGERS
    """Sign-ins that fail, of one address: whoever does nothing else does not even reach the count of `engine.runtime.throttle`."""
    reports: Rate = _REPORTS
    """What all browsers together may tell that they were not allowed to load."""


USUAL = Limits()
