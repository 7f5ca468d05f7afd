"""An address that somebody typed in leads to no machine inside: not by its spelling, nor by what it is looked up as, nor by a redirect.

A canary listens on this machine; whatever is tried, nobody may speak to it (RELIABILITY item 33, quick form).
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import Misuse
from notifications.answer import Answer
from notifications.destination import Destination, is_allowed
from notifications.message import Deferred, Rejected
from notifications.outbound import Outbound
from tests.notifications.mail import trusting
from tests.notifications.receiver import HOST, Receiver, Reply, receiving

PUBLIC = "93.184.216.34"
PATIENCE = timedelta(seconds=60)
"""For what comes at once, unless the machine does much else besides."""


@pytest.fixture
def canary() -> Receiver:
    return Receiver()


@pytest.fixture
def port(canary: Receiver) -> Iterator[int]:
    with receiving(canary) as reached:
        yield reached


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "gopher://hooks.example.com:443/_x",
        "data:text/plain,x",
        "//hooks.example.com/",
        "hooks.example.com",
        "",
        "https://",
        "https:///path",
        "https://user@hooks.example.com/",
        "https://user:s3cret@hooks.example.com/",
        "https://hooks.example.com@127.0.0.1/",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://hooks.example.com#@127.0.0.1/",
        "https://hooks.example.com:22/",
        "https://hooks.example.com:5432/",
        "https://hooks.example.com:80/",
        "https://hooks.example.com:65536/",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:/",
        "https://hooks.example.com:8443x/",
        "https://hooks.example.com./",
        "https://localhost./",
        "https://.example.com/",
        "https://售后.example.com/",
        "https://①②⑦.⓪.⓪.①/",
        "https://hooks.example.com/\r\nHost: inner",
        "https://hooks.example.com/\tx",
        " https://hooks.example.com/",
        "https://hooks.example.com/a b",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        "https://[v1.fe]/",
        "https://hooks.example.com/" + "x" * 3000,
    ],
)
def test_what_is_no_address_of_the_open_internet_is_refused_before_it_is_looked_up(url: str) -> None:
    looked_up: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return [PUBLIC]

    with pytest.raises(Misuse) as refused:
        Destination.parse(url, "public")
    assert isinstance(Outbound(resolve=resolve, deadline=PATIENCE).post(url, b"{}", {}), Rejected)
    assert looked_up == []
    assert "s3cret" not in refused.value.sentence.en


@pytest.mark.parametrize("url", ["https://hooks.example.com/x?y=%2B", "https://hooks.example.com:8443/", "https://a_b.example.com:9999"])
def test_an_ordinary_address_is_taken_as_it_is(url: str) -> None:
    destination = Destination.parse(url, "public")
    assert destination.at("1.2.3.4").endswith(destination.target)
    assert destination.host in url


@pytest.mark.parametrize(
    "machine",
    [
        *("127.0.0.1", "127.255.0.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1"),
        *("192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"),
        *("::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:4136:e378::1"),
        *("fe80::1", "fe80::1%lo", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "100::1", "3fff::1"),
        *("localhost", "127.1", "0x7f000001", "2130706433", "127.0.0.1.example.com", ""),
    ],
)
def test_machines_inside_are_not_reached(machine: str) -> None:
    assert not is_allowed(machine, "public")


@pytest.mark.parametrize(
    "machine", [PUBLIC, "1.1.1.1", "172.32.0.1", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]
)
def test_machines_of_the_open_internet_are(machine: str) -> None:
    assert is_allowed(machine, "public")
    assert is_allowed(machine, "private")


@pytest.mark.parametrize("machine", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd12::1"])
def test_ones_own_network_is_reached_when_that_is_set(machine: str) -> None:
    assert is_allowed(machine, "private")


@pytest.mark.parametrize("machine", ["169.254.169.254", "224.0.0.1", "0.0.0.0", "fe80::1", "ff02::1", "::ffff:169.254.169.254"])
def test_what_is_nobodys_receiver_is_never_reached(machine: str) -> None:
    assert not is_allowed(machine, "private")


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_no_spelling_leads_to_this_machine(host: str) -> None:
    result = Outbound(deadline=PATIENCE).post(f"https://{host}:8443/", b"{}", {})
    assert isinstance(result, Deferred | Rejected)
    assert "may not be reached" in result.why.en or "was not found" in result.why.en


@pytest.mark.parametrize(
    "machines",
    [("127.0.0.1",), (PUBLIC, "127.0.0.1"), ("10.0.0.1", PUBLIC), ("2606:2800:220:1:248:1893:25c8:1946", "::1"), ("fe80::1%lo",)],
)
def test_of_all_machines_of_a_name_none_may_be_inside(machines: tuple[str, ...]) -> None:
    result = Outbound(resolve=lambda _host, _port: machines, deadline=PATIENCE).post("https://hooks.example.com:8443/", b"{}", {})
    assert isinstance(result, Rejected)
    assert "may not be reached" in result.why.en


def test_a_name_is_looked_up_once_and_nothing_else_is_connected_to(canary: Receiver, port: int) -> None:
    looked_up: list[tuple[str, int]] = []

    def rebinding(host: str, at: int) -> list[str]:
        looked_up.append((host, at))
        return [HOST] if len(looked_up) == 1 else [PUBLIC]

    result = Outbound("private", PATIENCE, rebinding).post(f"http://hooks.example.com:{port}/x?y=%2B%3D", b"{}", {})
    assert result == Answer(200, None, b"{}")
    assert looked_up == [("hooks.example.com", port)]
    (post,) = canary.posts
    assert post.headers["host"] == f"hooks.example.com:{port}"
    assert post.target == "/x?y=%2B%3D"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(canary: Receiver, port: int, status: int) -> None:
    canary.reply = Reply(status, {"Location": f"http://{HOST}:{port}/inner"})
    answer = Outbound("private", PATIENCE).post(f"http://{HOST}:{port}/outer", b"{}", {})
    assert isinstance(answer, Answer)
    assert answer.status == status
    assert [post.target for post in canary.posts] == ["/outer"]


def test_no_proxy_is_asked(canary: Receiver, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{HOST}:{port}")
    with receiving(Receiver()) as meant:
        assert isinstance(Outbound("private", PATIENCE).post(f"http://{HOST}:{meant}/", b"{}", {}), Answer)
    assert canary.posts == []


def test_the_next_machine_is_tried_when_one_lets_nobody_in(canary: Receiver, port: int) -> None:
    result = Outbound("private", PATIENCE, lambda _host, _port: ["::1", HOST]).post(f"http://hooks.example.com:{port}/", b"{}", {})
    assert isinstance(result, Answer)
    assert len(canary.posts) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """A certificate of localhost, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make a certificate with")
    files = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-out", files[0], "-keyout", files[1], *subject]
    subprocess.run(make, check=True, capture_output=True)
    return files


def test_a_certificate_is_asked_for_the_name_not_for_the_machine(certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    outbound, receiver = Outbound("private", PATIENCE, lambda _host, _port: [HOST]), Receiver()
    with receiving(receiver, trusting(*certificate)) as port:
        assert isinstance(outbound.post(f"https://localhost:{port}/", b"{}", {}), Answer)
        other = outbound.post(f"https://hooks.example.com:{port}/", b"{}", {})
    assert isinstance(other, Deferred)
    assert other.why.en == "The certificate of the receiver is not trusted"
    assert len(receiver.posts) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: tuple[str, str]) -> None:
    with receiving(Receiver(), trusting(*certificate)) as port:
        result = Outbound("private", PATIENCE).post(f"https://localhost:{port}/", b"{}", {})
    assert isinstance(result, Deferred)
    assert result.why.en == "The certificate of the receiver is not trusted"
