"""A request is taken for its sender's only if it is signed as he declares, with a good secret, about now – and says which event it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Misuse
from notifications.envelope import STANDARD, Arrival, Envelope, Place, data_of, opened
from notifications.secret import fresh, is_secret
from notifications.signature import Hmac, Scheme, Standard, is_signed

# The example of the specification of Standard Webhooks, which libraries in every language verify.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
NOW = datetime.fromtimestamp(1614265330, UTC)
STANDARD_HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

# RFC 4231, test case 2; the same words with the older digest from RFC 2202.
RFC_KEY, RFC_BODY = "Jefe", b"what do ya want for nothing?"
RFC_SHA256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
RFC_SHA512 = (
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
)
RFC_SHA1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"


def signed(scheme: Scheme, headers: dict[str, str], body: bytes, *secrets: str, now: datetime = NOW) -> bool:
    return is_signed(scheme, headers, body, secrets, now)


def test_the_example_of_the_specification_is_good_with_either_secret() -> None:
    assert signed(Standard(), STANDARD_HEADERS, BODY, SECRET)
    assert signed(Standard(), STANDARD_HEADERS, BODY, OTHER, SECRET)
    assert not signed(Standard(), STANDARD_HEADERS, BODY, OTHER)
    assert not signed(Standard(), STANDARD_HEADERS, BODY)


def test_one_of_several_signatures_is_enough_and_other_versions_are_not_looked_at() -> None:
    both = {
        **STANDARD_HEADERS,
        "webhook-signature": f"v1a,hnO3f9T8Ytu9HwrXslvumg== v1,AAAA {STANDARD_HEADERS['webhook-signature']}",
    }

    assert signed(Standard(), both, BODY, SECRET)
    assert not signed(Standard(), {**both, "webhook-signature": both["webhook-signature"].replace("v1,g0", "v2,g0")}, BODY, SECRET)


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
def test_what_was_signed_long_ago_or_will_be_is_not_taken(late: timedelta) -> None:
    assert not signed(Standard(), STANDARD_HEADERS, BODY, SECRET, now=NOW + late)
    assert signed(Standard(), STANDARD_HEADERS, BODY, SECRET, now=NOW + late * 0.99)


@pytest.mark.parametrize("missing", list(STANDARD_HEADERS))
def test_a_header_that_is_missing_or_odd_is_no_signature(missing: str) -> None:
    for odd in ("", "x", "1614265330.0", "v1,", "–", "9" * 40):
        assert not signed(Standard(), {**STANDARD_HEADERS, missing: odd}, BODY, SECRET)
    assert not signed(Standard(), {name: value for name, value in STANDARD_HEADERS.items() if name != missing}, BODY, SECRET)


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, other: int) -> None:
    changed = bytes([*BODY[:place], BODY[place] ^ other, *BODY[place + 1 :]])

    assert not signed(Standard(), STANDARD_HEADERS, changed, SECRET)


@pytest.mark.parametrize(
    ("scheme", "signature"),
    [
        (Hmac("X-Signature"), RFC_SHA256),
        (Hmac("X-Signature"), RFC_SHA256.upper()),
        (Hmac("X-Hub-Signature-256", prefix="sha256="), f"sha256={RFC_SHA256}"),
        (Hmac("X-Signature", "sha512"), RFC_SHA512),
        (Hmac("X-Signature", "sha1", prefix="sha1="), f"sha1={RFC_SHA1}"),
        (Hmac("X-Signature", encoding="base64"), base64.b64encode(bytes.fromhex(RFC_SHA256)).decode()),
    ],
)
def test_a_declared_scheme_agrees_with_the_vectors_of_the_standards(scheme: Hmac, signature: str) -> None:
    headers = {scheme.header.lower(): signature}

    assert signed(scheme, headers, RFC_BODY, RFC_KEY)
    assert signed(scheme, headers, RFC_BODY, "another secret", RFC_KEY)
    assert not signed(scheme, headers, RFC_BODY, "another secret")
    assert not signed(scheme, headers, RFC_BODY + b" ", RFC_KEY)
    assert not signed(scheme, {"x-other": signature}, RFC_BODY, RFC_KEY)


@pytest.mark.parametrize("odd", ["", "zz", "–", RFC_SHA256[:-2], f"sha1={RFC_SHA256}", f"sha256={RFC_SHA256}"])
def test_what_is_no_signature_is_refused_and_nothing_is_raised(odd: str) -> None:
    assert not signed(Hmac("X-Signature"), {"x-signature": odd}, RFC_BODY, RFC_KEY)


def test_a_timestamp_is_signed_with_the_body_in_seconds_or_milliseconds() -> None:
    scheme = Hmac("X-Signature", signed="v0:{timestamp}:{body}", timestamp="X-Timestamp", tolerance=timedelta(seconds=60))

    def sent(stamp: str, signed_stamp: str | None = None) -> dict[str, str]:
        content = f"v0:{signed_stamp or stamp}:".encode() + BODY
        return {"x-timestamp": stamp, "x-signature": hmac.new(b"a secret of ours", content, hashlib.sha256).hexdigest()}

    assert signed(scheme, sent("1614265330"), BODY, "a secret of ours")
    assert signed(scheme, sent("1614265330999"), BODY, "a secret of ours")
    assert not signed(scheme, sent("1614265330"), BODY, "a secret of ours", now=NOW + timedelta(seconds=61))
    assert not signed(scheme, sent("1614265331", "1614265330"), BODY, "a secret of ours")
    assert not signed(scheme, {"x-signature": sent("1614265330")["x-signature"]}, BODY, "a secret of ours")


def test_a_secret_that_was_made_can_sign() -> None:
    assert is_secret(fresh())
    assert fresh() != fresh()
    assert not any(is_secret(odd) for odd in ("", "whsec_", "whsec_AAAA", "not base64!", "whsec_" + "A" * 400))


def test_an_envelope_tells_the_id_the_name_and_what_there_is_to_know() -> None:
    body = json.dumps({"type": "waybill.signed", "data": {"no": "SF1", "kg": 2.55}}).encode()
    other = Envelope(Place("key", "event.id"), Place("header", "X-Topic"))
    inside = json.dumps({"event": {"id": 4711}, "no": "SF1"}).encode()

    assert opened(STANDARD, {"webhook-id": "msg_1"}, body) == Arrival("msg_1", "waybill.signed", body.decode())
    assert data_of(STANDARD, body.decode()) == {"no": "SF1", "kg": Decimal("2.55")}
    assert opened(other, {"x-topic": "signed"}, inside).id == "4711"
    assert data_of(other, inside.decode())["no"] == "SF1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no",
        b"[]",
        b"\xff",
        b'{"type": "a"}',
        b'{"type": "a", "data": []}',
        b'{"data": {}}',
        b'{"type": "a b", "data": {}}',
        b'{"type": true, "data": {}}',
        b'{"type": "a", "data": {"x": NaN}}',
        b'{"type": "a", "data": {"x": "\\ud800"}}',
        b'{"type": "' + b"a" * 201 + b'", "data": {}}',
        b'{"type": "a", "data": {"x": ' + b"[" * 60_000,
        b'{"type": "a", "data": {"x": ' + b"9" * 60_000 + b"}}",
    ],
)
def test_a_body_that_is_no_event_is_misuse(body: bytes) -> None:
    with pytest.raises(Misuse):
        opened(STANDARD, {"webhook-id": "msg_1"}, body)


@pytest.mark.parametrize("odd", ["", "key:", "header:", "body:x", "key:a b", "X-Id"])
def test_a_place_is_a_header_or_a_key(odd: str) -> None:
    with pytest.raises(Misuse):
        Place.parse(odd)
    assert str(Place.parse("key:event.id")) == "key:event.id"
