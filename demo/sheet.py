"""The sheets that the counter writes between: tickets mended, and a device that comes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path


def mend(rejected: Path, target: Path) -> None:
    """Correct what a colleague at the counter would correct, and leave the rest out."""
    rows = list(csv.DictReader(io.StringIO(rejected.read_text("utf-8-sig"))))
    kept = []
    for row in rows:
        if "imei" in row["rejected_field"] and len(row["串号"]) == 14:
            kept.append({**row, "串号": f"{row['串号']}1"})
        elif row["rejected_field"] == "symptom" and not row["故障现象"]:
            kept.append({**row, "故障现象": "开机后反复重启"})
    write_rows(target, kept)


def bring_back(sheet: Path, target: Path, imei: str) -> None:
    """A sheet with one ticket: a device of another sheet, with a new complaint."""
    row = next(row for row in csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))) if row["串号"] == imei)
    write_rows(target, [{**row, "reference": "SX2610-0001", "故障现象": "修好两天后又出现同样问题"}])


def write_rows(target: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Rows as Chinese Excel writes them."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    target.write_bytes(text.getvalue().encode("utf-8-sig"))
