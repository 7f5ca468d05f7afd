"""Robots of chats answer HTTP 200 whatever happened: what counts is the code within, in the vendor's own words."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from engine.label import Label
from notifications.channel import Channel
from notifications.channels import dingtalk, feishu
from notifications.channels.dingtalk import DingTalk
from notifications.channels.feishu import Feishu
from notifications.channels.wecom import WeCom
from notifications.endpoint import Endpoint, Kind
from notifications.message import Deferred, Delivered, Message, Recipient, Rejected, Result, Text
from notifications.outbound import Outbound
from tests.notifications.receiver import HOST, Receiver, Reply, receiving, reset, said

pytestmark = pytest.mark.reliability  # takes its time

OUTBOUND = Outbound("private")
ROBOTS: Mapping[Kind, Channel] = {"wecom": WeCom(OUTBOUND), "dingtalk": DingTalk(OUTBOUND), "feishu": Feishu(OUTBOUND)}
REMINDER = Message("delivery-1", Text("维修将到期", "请尽快处理。"))
KEY = "73febdcb-1b38"
SECRET = "SECdemo0001"
NOW = datetime(2026, 9, 28, 8, 30, tzinfo=UTC)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def port(receiver: Receiver) -> Iterator[int]:
    with receiving(receiver) as reached:
        yield reached


def sent(kind: Kind, port: int, *secrets: str, message: Message = REMINDER) -> Result:
    path = f"/hook/{KEY}" if kind == "feishu" else f"/robot/send?access_token={KEY}"
    endpoint = Endpoint("shop", kind, f"http://{HOST}:{port}{path}", secrets)
    recipient = Recipient("shop", "门店主管", None, is_outside=False, endpoint=endpoint)
    assert [each for each, robot in ROBOTS.items() if robot.reaches(recipient)] == [kind]
    return ROBOTS[kind].send(message, recipient)


def answer(kind: Kind, code: int, words: str, status: int = 200) -> Reply:
    return said({"code": code, "msg": words, "data": {}} if kind == "feishu" else {"errcode": code, "errmsg": words}, status)


@pytest.mark.parametrize("kind", ROBOTS)
def test_code_0_is_delivered(kind: Kind, receiver: Receiver, port: int) -> None:
    receiver.reply = answer(kind, 0, "ok")
    assert sent(kind, port) == Delivered("ok", 200)


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("wecom", 93000, "invalid webhook url"),
        ("wecom", 40058, "invalid Request Parameter"),
        ("dingtalk", 310000, "sign not match"),
        ("dingtalk", 310000, "keywords not in content"),
        ("dingtalk", 300001, "token is not exist"),
        ("dingtalk", 400102, "robot is stopped"),
        ("feishu", 19021, "sign match fail or timestamp is not within one hour from current time"),
        ("feishu", 19024, "Key Words Not Found"),
        ("feishu", 9499, "Bad Request"),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_code_is_a_failure_whatever_the_status(kind: Kind, code: int, words: str, status: int, receiver: Receiver, port: int) -> None:
    receiver.reply = answer(kind, code, words, status)
    result = sent(kind, port)
    titles = {"wecom": ("企业微信", "WeCom"), "dingtalk": ("钉钉", "DingTalk"), "feishu": ("飞书", "Feishu")}
    zh, en = titles[kind]
    assert result == Rejected(Label(f"{zh}回答 {code} {words}", f"{en} answered {code} {words}"), answer=status)


@pytest.mark.parametrize(
    ("kind", "code", "words", "minutes"),
    [
        ("wecom", 45009, "api freq out of limit", 1),
        ("wecom", -1, "system busy", None),
        ("dingtalk", 130101, "send too fast, exceed 20 times per minute", 10),
        ("dingtalk", -1, "系统繁忙", None),
        ("feishu", 9499, "too many request", 1),
        ("feishu", 11232, "frequency limited psm[x]appID[1500]", 1),
    ],
)
@pytest.mark.parametrize("status", [200, 429])
def test_what_passes_is_tried_again_after_what_the_vendor_asks(
    kind: Kind, code: int, words: str, minutes: int | None, status: int, receiver: Receiver, port: int
) -> None:
    receiver.reply = answer(kind, code, words, status)
    result = sent(kind, port)
    assert isinstance(result, Deferred)
    assert words in result.why.zh
    assert result.retry_after == (timedelta(minutes=minutes) if minutes is not None else None)


@pytest.mark.parametrize("kind", ROBOTS)
@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(200, body=b"<html>welcome</html>"), Deferred),
        (Reply(200, body=b""), Deferred),
        (Reply(200, body=b'["errcode", 0]'), Deferred),
        (Reply(200, body=b'{"errcode": "0", "code": null}'), Deferred),
        (Reply(200, body=b'{"errcode": false, "code": false}'), Deferred),
        (Reply(200, body=b"[" * 60_000), Deferred),
        (Reply(500, body=b'{"errcode": 0, "code": 0}'), Deferred),
        (Reply(502, body=b"bad gateway"), Deferred),
        (Reply(429, {"Retry-After": "30"}, b""), Deferred),
        (Reply(301, {"Location": "https://example.com/"}, b""), Rejected),
        (Reply(404, body=b"not found"), Rejected),
        (Reply(misbehave=reset), Deferred),
    ],
)
def test_what_is_no_answer_of_a_robot_is_no_success(kind: Kind, reply: Reply, outcome: type, receiver: Receiver, port: int) -> None:
    receiver.reply = reply
    result = sent(kind, port)
    assert isinstance(result, outcome)
    if reply.status == 429:
        assert result == Deferred(result.why, timedelta(seconds=30), 429)  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ROBOTS)
def test_words_that_repeat_a_key_are_told_without_it(kind: Kind, receiver: Receiver, port: int) -> None:
    receiver.reply = answer(kind, 93000, f"no robot {KEY}, secret {SECRET}\r\n\x1b[31m" + "x" * 500)
    result = sent(kind, port, SECRET)
    assert isinstance(result, Rejected)
    assert "no robot ***, secret ***" in result.why.en
    assert KEY not in repr(result)
    assert SECRET not in repr(result)
    assert len(result.why.en) < 300
    assert result.why.en.isprintable()


def test_wecom_gets_plain_text(receiver: Receiver, port: int) -> None:
    sent("wecom", port)
    assert receiver.posts[0].target == f"/robot/send?access_token={KEY}"
    assert receiver.posts[0].content == {"msgtype": "text", "text": {"content": "维修将到期\n请尽快处理。"}}


def test_wecom_takes_2048_bytes(receiver: Receiver, port: int) -> None:
    sent("wecom", port, message=Message("delivery-1", Text("题", "长" * 3000)))
    text = receiver.posts[0].content["text"]["content"]
    assert 2040 < len(text.encode()) <= 2048
    assert text.endswith("长…")


def test_dingtalk_signs_as_documented() -> None:
    parameters = parse_qs(dingtalk.signature(SECRET, NOW))
    timestamp = "1790584200000"
    expected = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert parameters == {"timestamp": [timestamp], "sign": [base64.b64encode(expected).decode()]}


def test_the_signature_of_dingtalk_is_encoded_once_on_the_wire(receiver: Receiver, port: int) -> None:
    receiver.reply = answer("dingtalk", 0, "ok")
    for _ in range(8):  # most digests hold a + or / besides the = at the end
        sent("dingtalk", port, SECRET)
    for post in receiver.posts:
        query = urlsplit(post.target).query
        assert "%25" not in query
        assert query.endswith("%3D")
        given = {name: values[0] for name, values in parse_qs(query).items()}
        expected = hmac.new(SECRET.encode(), f"{given['timestamp']}\n{SECRET}".encode(), hashlib.sha256).digest()
        assert given["access_token"] == KEY
        assert base64.b64decode(given["sign"]) == expected
        assert post.content == {"msgtype": "text", "text": {"content": "维修将到期\n请尽快处理。"}, "at": {"isAtAll": False}}


def test_without_a_secret_nothing_is_signed(receiver: Receiver, port: int) -> None:
    sent("dingtalk", port)
    sent("feishu", port)
    assert receiver.posts[0].target == f"/robot/send?access_token={KEY}"
    assert receiver.posts[1].content.keys() == {"msg_type", "content"}


def test_feishu_signs_an_empty_message_with_instant_and_secret() -> None:
    # Secret and instant of the example on Feishu's own page; the digest as openssl makes it.
    signed = feishu.signature("demo", datetime.fromtimestamp(1599360473, UTC))
    assert signed == {"timestamp": "1599360473", "sign": "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="}


def test_feishu_gets_rich_text_in_which_nobody_can_be_called(receiver: Receiver, port: int) -> None:
    receiver.reply = answer("feishu", 0, "success")
    call = '<at user_id="all">所有人</at>'
    sent("feishu", port, SECRET, message=Message("delivery-1", Text(f"到期\n{call}", call)))
    content = receiver.posts[0].content
    assert content["msg_type"] == "post"
    assert content["content"] == {"post": {"zh_cn": {"title": f"到期 {call}", "content": [[{"tag": "text", "text": call}]]}}}
    timestamp = int(content["timestamp"])
    assert content["sign"] == feishu.signature(SECRET, datetime.fromtimestamp(timestamp, UTC))["sign"]
