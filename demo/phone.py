"""What the repair centre does with a phone, with the parts it needs and with the call afterwards, state by state."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from demo.act import Act, Habit
from engine.core.case import Case
from engine.store.files import content_id

DESK, BENCH, BOSS, STORE, POST = (
    "phone-front-desk",
    "phone-repair-tester",
    "phone-supervisor",
    "phone-warehouse-keeper",
    "phone-logistics-clerk",
)

_CAUSES = {
    "power": "电源管理芯片虚焊",
    "charging": "尾插氧化",
    "battery": "电池鼓包，循环次数超标",
    "screen": "屏幕排线松脱",
    "camera": "摄像头模组损坏",
    "sound": "听筒网罩堵塞",
    "signal": "天线弹片变形",
    "software": "系统升级中断，数据分区损坏",
    "liquid": "进水，主板腐蚀",
}
_WORK = {
    "power": "补焊电源芯片并老化测试",
    "charging": "更换尾插小板",
    "battery": "更换电池并校准",
    "screen": "重新压接排线，更换密封胶",
    "camera": "更换摄像头模组",
    "sound": "清洁并更换听筒网罩",
    "signal": "更换天线弹片",
    "software": "重刷系统并恢复出厂设置",
    "liquid": "超声波清洗，更换受损元件",
}


_SIGNS = {
    "liquid": ("水里", "水池", "饮料"),
    "charging": ("充",),
    "battery": ("电池", "电量"),
    "power": ("不开机", "重启", "关机"),
    "camera": ("摄像", "相机", "拍照"),
    "sound": ("听", "铃声", "扬声器", "录音", "耳机"),
    "signal": ("信号", "卡槽", "SIM", "无线网", "热点", "定位", "就断"),
    "software": ("系统", "升级", "更新", "内存", "存储"),
    "screen": ("屏", "触摸", "指纹", "人脸"),
}
"""What a customer says that points to a fault, the surest first."""
_KNOCKED = "四角均有磕碰"
"""The condition in which display and camera are taken for broken by a fall."""

WARRANTY = timedelta(days=365)
PHOTO = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
"""The picture that goes with every exclusion: one red dot."""


def _meant(symptom: str) -> str | None:
    return next((fault for fault, signs in _SIGNS.items() if any(sign in symptom for sign in signs)), None)


def _fault(chance: Random, symptom: str) -> str:
    return _meant(symptom) or chance.choice([fault for fault in _CAUSES if fault != "liquid"])


def _is_valid(case: Case, today: date) -> bool:
    sold_on = case.data.get("sold_on")
    return case.data.get("proof") != "none" and isinstance(sold_on, date) and today - sold_on <= WARRANTY


def _is_misuse(case: Case, today: date) -> bool:
    """Whether the warranty holds by its date, and yet the customer has spoilt the device himself."""
    fault = _meant(str(case.data["symptom"]))
    return _is_valid(case, today) and (fault == "liquid" or (fault in ("screen", "camera") and case.data["appearance"] == _KNOCKED))


def _is_ordinary(case: Case, today: date) -> bool:
    return not _is_misuse(case, today)


def _exclusion(_chance: Random, case: Case, _today: date) -> Mapping[str, object]:
    fault = _meant(str(case.data["symptom"])) or "screen"
    why = "进水标变红，属进水" if fault == "liquid" else "边框变形、四角磕碰，属外力损坏"
    photos = [{"id": content_id(PHOTO), "name": "判定照片.png"}]
    return {"fault": fault, "cause": _CAUSES[fault], "verdict_why": why, "photos": photos, "remedy": "repair"}


def _is_unsigned(case: Case, _today: date) -> bool:
    return not case.signing


def _is_signed(case: Case, _today: date) -> bool:
    return bool(case.signing)


def _diagnosis(chance: Random, case: Case, today: date) -> Mapping[str, object]:
    if chance.random() < 0.08:
        tests = {"tests": "充放电、通话、触摸、摄像头各一轮，连续待机 12 小时", "cause": "未能复现"}
        return {"fault": "none", **tests, "in_warranty": False, "verdict_why": "按检测结果未见故障", "remedy": "give_back"}
    fault = _fault(chance, str(case.data["symptom"]))
    covered = _is_valid(case, today)
    why = "凭证齐全，在保修期内，属性能故障" if covered else "进水不保修" if fault == "liquid" else "超出保修期或无有效凭证"
    remedy = "scrap" if fault == "liquid" and chance.random() < 0.3 else "repair"
    return {"fault": fault, "cause": _CAUSES[fault], "in_warranty": covered, "verdict_why": why, "remedy": remedy}


def _quote(chance: Random, _case: Case, today: date) -> Mapping[str, object]:
    parts, labour = chance.randrange(20, 600, 10), chance.choice((50, 80, 120))
    return {"parts_fee": f"{parts}.00", "labour_fee": f"{labour}.00", "valid_until": str(today + timedelta(days=7))}


def _answer(chance: Random, _case: Case, _today: date) -> Mapping[str, object]:
    return {"evidence": f"LY{chance.randrange(10_000, 99_999)}"}


def _parts(chance: Random, case: Case, _today: date) -> Mapping[str, object]:
    return {"material": f"{_CAUSES.get(str(case.data.get('fault')), '通用')[:4]}配件", "quantity": chance.choice((1, 1, 1, 2))}


def _picking(chance: Random, case: Case, _today: date) -> Mapping[str, object]:
    if chance.random() < 0.15:
        return {"picked": 0, "shortage": "厂家停产"}
    voucher, part = f"CKD{chance.randrange(10_000, 99_999)}", f"PU-T-{chance.randrange(9_000, 9_999)}"
    return {"picked": case.data["quantity"], "voucher": voucher, "new_part": part}


def _exchange(chance: Random, _case: Case, _today: date) -> Mapping[str, object]:
    return {"old_part": f"PU-T-{chance.randrange(1_000, 1_999)}"}


def _board(chance: Random, _case: Case, _today: date) -> Mapping[str, object]:
    return {"new_imei": f"00101799{chance.randrange(1_000_000, 9_999_999)}"}


def _work(_chance: Random, case: Case, _today: date) -> Mapping[str, object]:
    return {"work_done": _WORK.get(str(case.data.get("fault")), "清洁、紧固并复测")}


def _inspection(chance: Random, case: Case, _today: date) -> Mapping[str, object]:
    result = chance.choices(("passed", "rework", "rejudge"), (82, 14, 4))[0]
    return {"rescan": case.data["imei_now"], "result": result}


def _handover(chance: Random, case: Case, _today: date) -> Mapping[str, object]:
    paid = {"paid": str(case.data["fee"])} if "fee" in case.data else {}
    return {"accessories_back": True, "receipt": f"QJ{chance.randrange(10_000, 99_999)}", **paid}


def _shipment(chance: Random, case: Case, _today: date) -> Mapping[str, object]:
    paid = {"paid": str(case.data["fee"])} if "fee" in case.data else {}
    return {"accessories_back": True, "waybill": f"YD{chance.randrange(10**9, 10**10 - 1)}", **paid}


def _release(chance: Random, _case: Case, _today: date) -> Mapping[str, object]:
    return {"accessories_back": True, "receipt": f"QJ{chance.randrange(10_000, 99_999)}"}


def _call(chance: Random, _case: Case, _today: date) -> Mapping[str, object]:
    satisfaction = chance.choices((5, 4, 3, 2, 1), (45, 30, 12, 8, 5))[0]
    words = {"opinion": "等了太久，希望能提前告知进度"} if satisfaction < 3 else {}
    return {"satisfaction": satisfaction, **words}


HABITS: Mapping[str, Habit] = {
    "clarifying": Habit(
        (1, 8),
        (
            Act("clarify", DESK, 9, lambda *_: {"difference": "电话核对：少一根数据线，客户确认未寄"}),
            Act("cancel", DESK, 1, reason="客户不同意差异，要求退回"),
        ),
    ),
    "received": Habit((0.3, 14), (Act("take", BENCH, 94), Act("cancel", DESK, 6, reason="客户来电：暂不维修"))),
    "diagnosing": Habit(
        (0.5, 4),
        (
            Act("diagnose", "tester", 93, _diagnosis, when=_is_ordinary),
            Act("exclude", "tester", 93, _exclusion, when=_is_misuse),
            Act("reassign", BOSS, 4, lambda chance, *_: {"tester": chance.choice(("tom", "sue", "ray"))}, "调整班次"),
            Act("abandon", BOSS, 3, reason="客户急用，要求停修"),
        ),
    ),
    "confirming": Habit(
        (0.5, 4),
        (
            Act("confirm", BENCH, when=_is_unsigned),
            Act("confirm", BOSS, 3, when=_is_signed),
            Act("object", BOSS, 1, reason="磕碰是旧伤，与故障无关", when=_is_signed),
        ),
    ),
    "scrapping": Habit((2, 10), (Act("approve_scrap", BOSS, 6), Act("refuse_scrap", BOSS, 4, reason="再试一次清洗"))),
    "quoting": Habit((0.3, 3), (Act("quote", DESK, 1, _quote),)),
    "awaiting_approval": Habit(
        (1, 20),
        (
            Act("approve", DESK, 66, _answer),
            Act("decline", DESK, 26, _answer),
            Act("requote", DESK, 8, reason="客户要求使用再生件重新报价"),
        ),
    ),
    "repairing": Habit(
        (0.5, 5),
        (
            Act("request_parts", "tester", 18, _parts),
            Act("swap_board", "tester", 4, _board),
            Act("rediagnose", "tester", 3, reason="拆机后发现另有故障"),
            Act("finish", "tester", 75, _work),
        ),
    ),
    "inspecting": Habit((0.2, 3), (Act("inspect", BENCH, 1, _inspection),)),
    "returning": Habit(
        (1, 20),
        (
            Act("hand_over", DESK, 70, _handover),
            Act("ship", POST, 27, _shipment),
            Act("recheck_failed", DESK, 3, reason="开机密码界面闪屏"),
        ),
    ),
    "releasing": Habit((1, 10), (Act("release", DESK, 1, _release),)),
    "shipped": Habit(
        (8, 24),
        (
            Act("sign", DESK, 95, lambda chance, *_: {"receipt": f"QS{chance.randrange(10_000, 99_999)}"}),
            Act("sent_back", POST, 5, reason="客户拒收，地址有误"),
        ),
    ),
}

OUTBOUND: Mapping[str, Habit] = {
    "picking": Habit((1, 8), (Act("pick", STORE, 1, _picking),)),
    "reviewing": Habit((0.5, 4), (Act("post", BOSS, 95), Act("send_back", BOSS, 5, reason="出库单号与台账不符"))),
    "handing_over": Habit((0.5, 6), (Act("sign", "receiver", 1, _exchange),)),
}

CALLBACK: Mapping[str, Habit] = {
    "calling": Habit((8, 24), (Act("call_back", DESK, 75, _call), Act("not_reached", DESK, 25))),
    "resolving": Habit((2, 10), (Act("settle", BOSS, 1, lambda *_: {"settlement": "致歉并赠送保护壳，客户接受"}),)),
}
