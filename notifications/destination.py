"""Where a request may go: what an address must look like, and which machines it may lead to. Opens no connection.

Whoever may add an endpoint chooses what this machine connects to. So an address is looked up once, every machine that it leads
to is looked at, and the connection is made to one of those that were – not to the name, which may lead elsewhere a moment later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from engine.errors import Misuse
from engine.label import Label, verbatim

Reach = Literal["public", "private"]
"""Only machines of the open internet over https, or machines of one's own network too, and over http."""

_USUAL = {"https": 443, "http": 80}
_PORTS = frozenset({443, *range(8000, 10000)})
_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
_LONGEST = 2000

_NEVER4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",  # link-local: where clouds keep credentials
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
_OWN4 = tuple(map(IPv4Network, ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_OWN6 = tuple(map(IPv6Network, ("::1/128", "fc00::/7")))
_NEVER6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
"""Parts of the global range that are tunnels, protocols and documentation."""
_GLOBAL6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Destination:
    """The parts of an address that a connection needs; `host` is the name as it was written."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query, as they are sent."""

    @property
    def authority(self) -> str:
        """What the header Host says."""
        return self.host if self.port == _USUAL[self.scheme] else f"{self.host}:{self.port}"

    def at(self, machine: str) -> str:
        """The address with this machine in the place of its name."""
        literal = f"[{machine}]" if ":" in machine else machine
        return f"{self.scheme}://{literal}:{self.port}{self.target}"

    @classmethod
    def parse(cls, url: str, reach: Reach) -> Destination:
        """Read an address. Raises Misuse; its sentence repeats nothing of it, for it may hold a key.

        >>> Destination.parse("https://hooks.example.com/cases?key=1", "public").authority
        'hooks.example.com'
        """
        parts, port = _split(url, reach)
        if parts.scheme not in _USUAL or (parts.scheme == "http" and reach == "public"):
            wanted = verbatim("https://") if reach == "public" else Label("https:// 或 http://", "https:// or http://")
            raise _mistake(wanted, Label("别的开头", "another beginning"), reach)
        if parts.username is not None or parts.password is not None:
            wanted = Label("不含用户名的网址", "a web address without user and password")
            raise _mistake(wanted, Label("含有它们的网址", "one with them"), reach)
        host = parts.netloc if port is None else parts.netloc.rpartition(":")[0]
        if not _HOST.fullmatch(host):
            raise _mistake(Label("用英文字母写的主机名", "a host in ASCII letters"), Label("其他内容", "something else"), reach)
        if reach == "public" and port is not None and port not in _PORTS:
            raise _mistake(Label("端口 443 或 8000–9999", "port 443 or 8000–9999"), verbatim(str(port)), reach)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme, host, port or _USUAL[parts.scheme], target)


def is_allowed(machine: str, reach: Reach) -> bool:
    """Whether requests may go to the machine at this numeric address.

    >>> is_allowed("93.184.216.34", "public"), is_allowed("::ffff:127.0.0.1", "public"), is_allowed("169.254.169.254", "private")
    (True, False, False)
    """
    try:
        address = ip_address(machine.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = _within(address)
        if inner is None:
            return _is_allowed_v6(address, reach)
        address = inner
    return _is_allowed_v4(address, reach)


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _is_allowed_v4(address: IPv4Address, reach: Reach) -> bool:
    if any(address in network for network in _NEVER4):
        return False
    return reach == "private" or not any(address in network for network in _OWN4)


def _is_allowed_v6(address: IPv6Address, reach: Reach) -> bool:
    if any(address in network for network in _OWN6):
        return reach == "private"
    return address in _GLOBAL6 and not any(address in network for network in _NEVER6)


def _split(url: str, reach: Reach) -> tuple[SplitResult, int | None]:
    """The parts of the address, and its port."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url or len(url) > _LONGEST:
        raise _mistake(
            Label("由英文字母、数字和符号组成的网址", "a web address of ASCII letters, digits and signs"),
            Label("其他内容", "something else"),
            reach,
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # it quotes the address, which may hold a key
        raise _mistake(Label("主机和端口", "a host and a port"), Label("无法辨认的文字", "a text that cannot be read"), reach) from None
    if parts.fragment:
        raise _mistake(Label("不含“#”的网址", "a web address without “#”"), Label("含“#”的网址", "one with it"), reach)
    return parts, port


def _mistake(expected: Label, found: Label, reach: Reach) -> Misuse:
    sentence = Label("推送地址：应为{expected}，实际为{found}。", "Address of the endpoint: expected {expected}, found {found}.")
    way_out = Label(
        '请写成 https://主机/路径；内部网络的接收方需要设置 outbound = "private"。',
        'Write https://HOST/PATH; a receiver in your own network needs the setting outbound = "private".',
    )
    if reach == "private":
        way_out = Label("请写成 https://主机/路径 或 http://主机/路径。", "Write https://HOST/PATH or http://HOST/PATH.")
    return Misuse(sentence.fill(expected=expected, found=found), way_out)
