"""Case numbers: `WX{yy}-{seq:06}`. Counted per distinct remainder – what is left when all but the counter is filled in."""

from __future__ import annotations

import re
from datetime import datetime

PLACE = re.compile(r"\{(yy|yyyy|mm|dd|unit|seq(?::0[1-9]\d?)?)\}")


def remainder(pattern: str, local: datetime, unit: str | None) -> str:
    """The pattern with everything but `{seq}` filled in; the key of its counter. `local`: the opening in the zone of the case.

    >>> remainder("WX{yy}-{seq:06}", datetime(2026, 9, 28), None)
    'WX26-{seq:06}'
    """
    parts = {"yy": f"{local:%y}", "yyyy": f"{local:%Y}", "mm": f"{local:%m}", "dd": f"{local:%d}", "unit": (unit or "").upper()}
    return PLACE.sub(lambda place: parts.get(place[1], place[0]), pattern)


def numbered(rest: str, seq: int) -> str:
    """The number of the `seq`-th case of a remainder; a counter that outgrows its width gets wider, never repeats.

    >>> numbered("WX26-{seq:06}", 17)
    'WX26-000017'
    """
    return PLACE.sub(lambda place: f"{seq:{place[1].partition(':')[2]}}", rest)
