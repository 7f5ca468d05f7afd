"""Whether a browser may be told a secret: over HTTPS, on the machine itself, or where the settings say that the network is to be trusted.

On the machine itself means both: the connection comes from it, and the browser was told so. A proxy that does not say how it was reached is
neither.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request

from web.console.browser.cookies import is_encrypted
from web.visitor import application_of


def is_private(request: Request) -> bool:
    """Whether nobody on the way reads along, or nobody minds."""
    return is_encrypted(request) or application_of(request).settings.plain_http or _is_at_home(request)


def _is_at_home(request: Request) -> bool:
    return request.client is not None and _is_loopback(request.client.host) and _is_loopback(_called(request))


def _called(request: Request) -> str:
    """What the browser calls us. (`request.url` has a name of its own where this is none.)"""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
