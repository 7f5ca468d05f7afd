"""The shipped repair of phones, published and ready for an intake, and sheets of tickets of any length."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine.authoring.library import read_library
from engine.authoring.organisation import read_people, read_roles
from engine.runtime import staffing
from engine.runtime.founding import found_database
from engine.runtime.publishing import publish
from engine.runtime.sheet import Sheet, read_sheet, write_sheet
from engine.store.database import Database
from tests.runtime.company import ZONE

ROOT = Path(__file__).parents[2]
WORKFLOW = "phone-repair"
COLUMNS = (
    *("reference", "送修渠道", "客户姓名", "手机号", "机型", "串号", "购机凭证", "购买日期"),
    *("故障现象", "随机附件", "外观检查", "实物与送修单一致", "已告知备份数据"),
)


def found(url: str, *, simulated_from: datetime | None = None) -> None:
    """Create the database with everything that ships for phones, on real time or simulated."""
    now = simulated_from or datetime.now(UTC)
    registry, _, _ = read_roles([ROOT / "roles"])
    team, _, _ = read_people(ROOT / "roles" / "people.demo.yaml")
    assert team is not None
    found_database(url, simulated=simulated_from is not None, now=now, principal="os:owner")
    database = Database.open(url)
    publish(database, read_library([ROOT / "workflows" / "phone"], registry, [ROOT / "workflows"]).checked, "os:owner", now)
    staffing.load(database, registry, team, at=now, by="os:owner", zone=ZONE)
    database.close()


def tickets(count: int) -> Sheet:
    """So many tickets, each of a device of its own."""
    rows = [
        (
            *(f"SX2609-{turn:05}", "寄修", "测试客户甲", f"128{turn:08}", "示例 X18", f"00101{turn:010}", "无凭证", ""),
            *("不开机，长按电源键无反应", "充电器", "边框掉漆", "是", "是"),
        )
        for turn in range(1, count + 1)
    ]
    return read_sheet(write_sheet(COLUMNS, rows))
