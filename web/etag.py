"""Entity tags of cases: the revision, which a change may name in `If-Match`, and of a read case a hash of what was answered.

`"7-3f9a0c1d2e4b5a69"`. The revision alone would not tell that a child has moved on, or that more is disclosed than before.
"""

from __future__ import annotations

import re
from hashlib import sha256

from engine.errors import Misuse
from engine.label import Label

TAG = r'^(?:\*|(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]{16})?")$'
"""What `If-Match` may be."""


def etag(revision: int, body: bytes = b"") -> str:
    """The tag of a case at this revision; of an answer that tells it whole, with what it tells."""
    return f'"{revision}-{sha256(body).hexdigest()[:16]}"' if body else f'"{revision}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the caller has this answer already."""
    wanted = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    return tag in wanted or "*" in wanted


def revision_in(if_match: str | None) -> int | None:
    """The revision that a change names; None where it names none, or any. Raises Misuse for what is no tag of a case."""
    if if_match is None:
        return None
    found = re.fullmatch(TAG, if_match.strip())
    if found is None:
        raise Misuse(
            Label(
                'If-Match 应为一个工单的 ETag，例如 "7"，实际为 {found}。',
                'Expected “If-Match” to be the ETag of a case such as "7", found {found}.',
            ).fill(found=if_match[:40]),
            Label("请原样写上次回答的 ETag。", "Send the ETag of the last answer as it was."),
        )
    return int(found[1]) if found[1] is not None else None
