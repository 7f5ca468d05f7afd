"""The signatures that the page on events works out are those that a source of this kind is let in with."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from notifications.signature import Hmac, Standard, is_signed
from tests.docs.pages import REFERENCE, examples

PAGE = REFERENCE / "events.md"


def row(name: str) -> list[str]:
    """The cells of a line of the example."""
    [line] = [each for each in PAGE.read_text(encoding="utf-8").splitlines() if each.startswith(f"| {name} | `")]
    return [cell.strip("`") for cell in re.findall(r"(?<=\| )`[^`]*`|(?<=\| )(?=\|)", line)]


def test_both_signatures_are_good() -> None:
    (body,) = (block.text.rstrip("\n").encode() for block in examples(PAGE, "json", "signed"))
    secrets, stamps, signatures = row("secret"), row("timestamp"), row("signature")
    sent = datetime.fromtimestamp(int(stamps[0]), UTC)
    standard = {"webhook-id": row("id")[0], "webhook-timestamp": stamps[0], "webhook-signature": signatures[0]}
    declared = {"x-timestamp": stamps[1], "x-signature": signatures[1]}
    scheme = Hmac("X-Signature", signed="{timestamp}.{body}", timestamp="X-Timestamp")

    assert is_signed(Standard(), standard, body, [secrets[0]], sent)
    assert is_signed(scheme, declared, body, [secrets[1]], sent)
