"""An endpoint: where messages are posted for a program, or for a group of people to see. A value; opens no connection.

Its address may hold a key and it has secrets: neither ever leaves through `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal["webhook", "wecom", "dingtalk", "feishu"]
"""A receiver of signed webhooks, or the robot of a chat: WeCom, DingTalk, Feishu (Lark)."""

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address, and what messages to it are signed with: the present secret first, then the one that is being replaced."""

    name: str
    kind: Kind
    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False, default=())
