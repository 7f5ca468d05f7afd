"""What goes over the line of a window while something is done: requests, with the bytes of each as the browser received them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.browser.window import Window

_LOOKS = 3000
"""How often it is looked whether everything has come."""


@dataclass(slots=True)
class Traffic:
    """What was asked for, and what was received for each request that has ended."""

    asked: dict[str, str] = field(default_factory=dict)
    """Id of the request → method and address."""
    received: dict[str, int] = field(default_factory=dict)
    """Id of the request → bytes, headers and compressed content."""

    @property
    def requests(self) -> list[str]:
        """Methods and addresses of all that was received; what the browser had already is none."""
        return [self.asked[id] for id, size in self.received.items() if size]

    @property
    def size(self) -> int:
        """All bytes together."""
        return sum(self.received.values())


@contextmanager
def listening(window: Window) -> Iterator[Traffic]:
    """Count from here on; what is on the way at the end is waited for."""
    traffic = Traffic()

    def sent(event: Mapping[str, Any]) -> None:
        request = event["request"]
        if request["url"].startswith("http"):
            traffic.asked[event["requestId"]] = f"{request['method']} {request['url'].removeprefix(window.house.address)}"

    def finished(event: Mapping[str, Any]) -> None:
        if event["requestId"] in traffic.asked:
            traffic.received[event["requestId"]] = int(event["encodedDataLength"])

    def failed(event: Mapping[str, Any]) -> None:
        traffic.asked.pop(event["requestId"], None)  # given up by the page; other failures the window notes

    line = window.context.new_cdp_session(window.page)
    line.on("Network.requestWillBeSent", sent)
    line.on("Network.loadingFinished", finished)
    line.on("Network.loadingFailed", failed)
    line.send("Network.enable")
    yield traffic
    for _ in range(_LOOKS):
        window.page.evaluate("new Promise((done) => setTimeout(done, 20))")  # what follows upon it has begun, too
        if traffic.received.keys() >= traffic.asked.keys():
            break
    else:
        raise AssertionError(f"still on the way: {[traffic.asked[id] for id in traffic.asked.keys() - traffic.received.keys()]}")
    line.detach()
