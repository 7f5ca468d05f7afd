"""How this installation posts to addresses that somebody typed in: which may be reached, in what time, and who looks them up.

The exchange itself is in `exchange`, which is loaded when the first message leaves: its packages are an extra.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec

from engine.errors import Misuse
from engine.label import Label
from notifications.answer import Answer
from notifications.destination import Destination, Reach
from notifications.message import Deferred, Rejected

MISSING = Label(
    "缺少发送推送所需的软件包，请安装 aftercare[channels]",
    "The packages for posting messages are missing: install aftercare[channels]",
)

Resolve = Callable[[str, int], Sequence[str]]
"""From a host and a port to the numeric addresses of its machines. Raises OSError or ValueError for a host that is not found."""


def is_installed() -> bool:
    """Whether the packages of the extra are here."""
    return all(find_spec(name) is not None for name in ("httpx2", "standardwebhooks"))


def resolved(host: str, port: int) -> list[str]:
    """As the operating system looks it up."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Outbound:
    """What holds for every post. An exchange takes at most `deadline`, with all that belongs to it."""

    reach: Reach = "public"
    deadline: timedelta = timedelta(seconds=15)
    resolve: Resolve = resolved

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answer | Deferred | Rejected:
        """Post once. Where no answer came: deferred, or rejected when the address is not one that may be reached."""
        try:
            destination = Destination.parse(url, self.reach)
        except Misuse as error:
            return Rejected(error.sentence)
        if not is_installed():
            return Deferred(MISSING)
        from notifications.exchange import Exchange  # noqa: PLC0415 - an extra that not every installation has

        return Exchange(destination, self.reach, self.resolve, self.deadline).post(content, headers)
