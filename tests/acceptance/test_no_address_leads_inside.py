"""Whoever may add an endpoint reaches no machine inside through it, however the address is written (reliability bar 33, quick form).

A canary listens at every address of this machine and counts whoever connects, before a word is said. Each variant takes the whole way:
an endpoint is added and tried out.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from queue import Queue
from threading import Thread

import pytest

from engine.errors import Misuse
from engine.runtime.endpoints import Endpoints, Wish
from notifications.channels.webhook import Webhook
from notifications.destination import Reach
from notifications.message import Deferred, Delivered, Rejected, Result
from notifications.notifier import Notifier
from notifications.outbound import Outbound, resolved
from tests.notifications.receiver import HOST, Receiver, Reply, receiving
from tests.rig.desk import Desk, open_desk
from tests.rig.report import Run, Tell
from tests.runtime.company import registry

PATIENCE = timedelta(minutes=2)
"""So long may a machine look for names that are none."""
PUBLIC, PUBLIC6 = "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"
OTHER = "127.0.0.2"
"""Another address of this machine, at which nobody listens but the canary."""

SPELLINGS = (
    *(
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0x7f000001",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "017700000001",
        "127.000.000.001",
        "0",
        "0.0.0.0",
    ),
    *("localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "ip6-localhost"),
    *(
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::127.0.0.1]",
    ),
    *("[2002:7f00:1::]", "[::ffff:0:127.0.0.1]", "[fe80::1]", "[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]"),
    *("①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost", "127.0.0.1%00.example.com", "127.0.0.1%2f", "example.com%40127.0.0.1"),
)
SHAPES = (
    *("http://{host}:{port}/", "//{host}:{port}/", "ftp://{host}:{port}/", "gopher://{host}:{port}/_x", "file://{host}/etc/passwd"),
    *("https://user@{host}:{port}/", "https://hooks.example.com@{host}:{port}/", "https://hooks.example.com:443@{host}:{port}/"),
    *("https://hooks.example.com\\@{host}:{port}/", "https://hooks.example.com#@{host}:{port}/", "https://{host}:{port}\\.example.com/"),
    *(
        "https://{host}\t:{port}/",
        "https://{host}:{port}/\r\nHost: inner",
        " https://{host}:{port}/",
        "https:{host}:{port}/",
        "https:/{host}:{port}/",
    ),
    *(
        "https:///{host}:{port}/",
        "HTTPS://{host}:{port}/",
        "jar:https://{host}:{port}/!/",
        "https://{host}:22/",
        "https://{host}:5432/",
        "https://{host}:0/",
    ),
)
ANSWERS: Sequence[tuple[str, ...]] = (
    *((machine,) for machine in ("127.0.0.1", "::1", "0.0.0.0", "::", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254")),
    *(
        (machine,)
        for machine in ("100.64.0.1", "224.0.0.1", "255.255.255.255", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe")
    ),
    *(
        (machine,)
        for machine in ("fd00::1", "fe80::1%lo", "ff02::1", "2002:7f00:1::", "198.18.0.1", "127.0.0.1.example.com", "0x7f000001", "")
    ),
    (PUBLIC, "127.0.0.1"),
    ("127.0.0.1", PUBLIC),
    (PUBLIC, PUBLIC6, "::1"),
    (PUBLIC6, "::ffff:10.0.0.1"),
    (PUBLIC, "169.254.169.254"),
)
"""What a name is looked up as: one machine inside, or one among others."""


class Canary:
    """Hears whoever connects, by the address it is called from."""

    def __init__(self) -> None:
        self._heard: Queue[tuple[str, int]] = Queue()

    def hear(self, caller: tuple[str, int]) -> None:
        """Somebody has connected."""
        self._heard.put(caller)

    def hits(self, port: int, host: str = HOST) -> int:
        """Who has connected until now, besides us who ask it by connecting last."""
        with socket.create_connection((host, port)) as ours:
            count = 0
            while self._heard.get(timeout=PATIENCE.total_seconds())[1] != ours.getsockname()[1]:
                count += 1
        return count


@contextmanager
def listening(canary: Canary, port: int, host: str = "") -> Iterator[int]:
    """The port at which the canary listens: at this address, or at all of this machine."""
    family, everywhere = (socket.AF_INET6, "::") if socket.has_ipv6 and not host else (socket.AF_INET, host or "0.0.0.0")
    with closing(socket.create_server((everywhere, port), family=family, dualstack_ipv6=family == socket.AF_INET6)) as server:

        def count() -> None:
            with suppress(OSError):
                while True:
                    connection, caller = server.accept()
                    connection.close()
                    canary.hear(caller[:2])

        thread = Thread(target=count, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def free_port() -> int:
    """A port that endpoints may have."""
    for port in range(8000, 10_000):
        with suppress(OSError), closing(socket.create_server(("0.0.0.0", port))):
            return port
    raise AssertionError("no port is free between 8000 and 9999")


REDIRECTS = (301, 302, 303, 307, 308)
Looked = Callable[[str, int], Sequence[str]]


def tried(desk: Desk, url: str, resolve: Looked = resolved, *, inside: bool = False) -> Result | Misuse:
    """What comes of an endpoint at this address, at once and once more."""
    reach: Reach = "private" if inside else "public"
    managed = Endpoints(desk.app.database, Notifier([Webhook(Outbound(reach, PATIENCE, resolve))]), reach, desk.app.time)
    name = f"e-{len(managed.known())}"
    try:
        managed.add(registry(), Wish(name, "webhook", url, None, None, None, ("*",)), by="os:owner")
    except Misuse as error:
        return error
    return managed.try_out(name, "en")


def always(machines: Sequence[str]) -> Looked:
    """Every name leads to these machines."""
    return lambda _host, _port: machines


def own_addresses() -> list[str]:
    """Those that this machine has beside its loopback, as an address is written."""
    found = {str(address[0]).partition("%")[0] for *_, address in socket.getaddrinfo(socket.gethostname(), None)}
    return [f"[{each}]" if ":" in each else each for each in sorted(found)]


@pytest.mark.reliability
def test_a_canary_sings_for_nobody(desk_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, told: Tell) -> None:
    run, canary, seen = Run(33, "sqlite"), Canary(), list[tuple[str, Result | Misuse]]()
    with open_desk(desk_sqlite_url) as desk, listening(canary, free_port()) as port:
        assert canary.hits(port) == 0  # it sings for us
        hosts = (*SPELLINGS, *own_addresses(), socket.gethostname())
        for host in hosts:
            seen.append((host, tried(desk, f"https://{host}:{port}/")))
        for shape in SHAPES:
            for host in ("127.0.0.1", "localhost", "[::1]"):
                url = shape.format(host=host, port=port)
                seen.append((url, tried(desk, url)))
        for machines in ANSWERS:
            url = f"https://hooks.example.com:{port}/"
            seen.append((f"{url} as {machines}", tried(desk, url, always(machines))))
        for machine in ("169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1%lo"):  # not in one's own network either
            url = f"http://hooks.example.com:{port}/"
            seen.append((f"{url} as {machine}", tried(desk, url, always([machine]), inside=True)))

        for proxy in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(proxy, f"http://{HOST}:{port}")
        meant = Receiver()
        with receiving(meant) as other:
            seen += roundabout(desk, meant, other, port)
        reached = [what for what, result in seen if isinstance(result, Delivered)]
        run.faults = len(seen)
        hits = canary.hits(port)
        run.figures = {"variants": len(seen), "canary_hits": hits}
        told(run, len(seen), hits + len(reached))
    assert hits == 0
    assert reached == []
    assert [what for what, result in seen if not is_kept_out(result)] == []


def is_kept_out(result: Result | Misuse) -> bool:
    """Whether it was refused for where it leads, led nowhere, or was answered by who was meant – with a redirect that nobody followed."""
    if isinstance(result, Deferred):
        return result.why.en == "The host of the receiver was not found" or result.answer in REDIRECTS
    return isinstance(result, Misuse | Rejected)


def roundabout(desk: Desk, meant: Receiver, other: int, port: int) -> Iterator[tuple[str, Result | Misuse]]:
    """Ways that begin at a machine that may be reached: it sends one elsewhere, or its name does."""
    inner = f"http://{HOST}:{port}/inner"
    for status in REDIRECTS:
        for headers in ({"Location": inner}, {"Location": f"//{OTHER}:{port}/"}, {"Location": inner, "Refresh": f"0; url={inner}"}):
            meant.reply = Reply(status, headers, b"inner secrets")
            result = tried(desk, f"http://{HOST}:{other}/", inside=True)
            assert "inner secrets" not in repr(result)
            yield f"{status} {headers}", result


def test_a_name_that_leads_elsewhere_the_second_time_is_looked_up_once(desk_sqlite_url: str) -> None:
    canary, meant, looked_up = Canary(), Receiver(), list[str]()

    def rebinding(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return [HOST] if len(looked_up) == 1 else [OTHER]

    with open_desk(desk_sqlite_url) as desk, receiving(meant) as port, listening(canary, port, OTHER):
        assert isinstance(tried(desk, f"http://hooks.example.com:{port}/", rebinding, inside=True), Delivered)
        assert canary.hits(port, OTHER) == 0
    assert (len(meant.posts), looked_up) == (1, ["hooks.example.com"])
    assert meant.posts[0].headers["host"] == f"hooks.example.com:{port}"
