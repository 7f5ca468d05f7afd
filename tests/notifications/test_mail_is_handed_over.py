"""Mail arrives as it was meant: one person, his language, one identity, and no header that somebody's name smuggled in."""

from __future__ import annotations

import shutil
import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest

from notifications.channels.email import Email
from notifications.mailserver import MailServer
from notifications.message import Deferred, Delivered, Message, Recipient, Text, one_line
from tests.notifications.mail import HOST, Sink, serving, trusting

QUOTE = Message("outbox-17.3", Text("您的工单 P26-000123 报价已出，请您确认", "您好！\n报价 ¥468。\n.\n..两个点\n" + "很长的一行" * 300))
HEADERS = sorted(
    ["Message-ID", "From", "To", "Subject", "Date", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
)
CUSTOMER = Recipient("c-1", "测试客户甲", "customer@example.com", is_outside=True)


def at(port: int) -> Email:
    return Email(MailServer.parse(f"smtp://{HOST}:{port}", "售后服务台 <desk@example.com>"))


def received(sink: Sink, message: Message, recipient: Recipient) -> EmailMessage:
    with serving(sink) as port:
        assert isinstance(at(port).send(message, recipient), Delivered)
    (mail,) = sink.received
    return mail


def body(mail: EmailMessage) -> str:
    text: str = mail.get_content()
    return text.replace("\r\n", "\n").removesuffix("\n")


def test_chinese_survives() -> None:
    sink = Sink()

    mail = received(sink, QUOTE, CUSTOMER)

    assert mail["Subject"] == QUOTE.text.subject
    assert body(mail) == QUOTE.text.body
    assert mail.get_content_type() == "text/plain"
    assert [(each.display_name, each.addr_spec) for each in mail["To"].addresses] == [("测试客户甲", "customer@example.com")]
    assert [(each.display_name, each.addr_spec) for each in mail["From"].addresses] == [("售后服务台", "desk@example.com")]
    assert mail["Date"].datetime.tzinfo is not None
    assert sink.envelopes == [("desk@example.com", ["customer@example.com"])]


def test_what_the_server_says_is_noted() -> None:
    with serving(Sink()) as port:
        assert at(port).send(QUOTE, CUSTOMER) == Delivered("OK queued as 4711")


@pytest.mark.parametrize("id", ["outbox-17.3", "x" * 64])
def test_every_attempt_bears_the_same_message_id(id: str) -> None:
    sink = Sink()
    with serving(sink) as port:
        for _ in range(3):
            at(port).send(Message(id, QUOTE.text), CUSTOMER)

    assert [str(mail["Message-ID"]) for mail in sink.received] == [f"<{id}@example.com>"] * 3


@pytest.mark.parametrize(
    "smuggled",
    [
        "甲\r\nBcc: everybody@example.com",
        "甲\nBcc: everybody@example.com",
        "甲\rBcc: everybody@example.com",
        "甲\u2028Bcc: everybody@example.com",
        "甲\x85Bcc: everybody@example.com",
        "甲\r\n\r\nanother body",
        "=?utf-8?q?=0D=0ABcc:_everybody=40example.com?=",
        "=?utf-8?b?DQpCY2M6IGV2ZXJ5Ym9keUBleGFtcGxlLmNvbQ==?= 甲",
        '甲" <everybody@example.com>, "乙',
        "everybody@example.com,",
        "a, b; everybody@example.com" * 6,
        "测试, 客户" * 30,
    ],
)
def test_no_name_and_no_subject_becomes_a_header(smuggled: str) -> None:
    sink = Sink()

    mail = received(sink, Message("m-1", Text(smuggled, "正文")), Recipient("c-1", smuggled, "customer@example.com", is_outside=True))

    assert sorted(mail.keys()) == HEADERS
    assert [each.addr_spec for each in mail["To"].addresses] == ["customer@example.com"]
    assert body(mail) == "正文"
    assert mail["Subject"] == one_line(smuggled, 200)
    assert sink.envelopes == [("desk@example.com", ["customer@example.com"])]


def test_half_a_character_is_replaced() -> None:
    mail = received(
        Sink(), Message("m-1", Text("标题\ud800", "正文\udfff")), Recipient("c-1", "甲\ud800", "customer@example.com", is_outside=True)
    )

    assert (mail["Subject"], body(mail)) == ("标题?", "正文?")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """A certificate of localhost, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make a certificate with")
    files = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-out", files[0], "-keyout", files[1], *subject]
    subprocess.run(make, check=True, capture_output=True)
    return files


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_login_travels_encrypted(scheme: str, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    sink = Sink()
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    tls = {"ssl_context" if scheme == "smtps" else "tls_context": trusting(*certificate)}
    encrypted = {"auth_require_tls": scheme != "smtps"}  # the sink knows of no other encryption than its own STARTTLS
    with serving(sink, "localhost", **tls, **encrypted) as port:
        right = Email(MailServer.parse(f"{scheme}://desk:s3cret@localhost:{port}", "desk@example.com")).send(QUOTE, CUSTOMER)
        wrong = Email(MailServer.parse(f"{scheme}://desk:guess@localhost:{port}", "desk@example.com")).send(QUOTE, CUSTOMER)

    assert isinstance(right, Delivered)
    assert isinstance(wrong, Deferred)
    assert "535" in wrong.why.en
    assert "guess" not in repr(wrong)
    assert (b"desk", b"s3cret") in sink.logins
    assert len(sink.received) == 1


def test_a_certificate_that_nobody_vouches_for_gets_no_password(certificate: tuple[str, str]) -> None:
    sink = Sink()
    with serving(sink, "localhost", tls_context=trusting(*certificate)) as port:
        result = Email(MailServer.parse(f"smtp+starttls://desk:s3cret@localhost:{port}", "desk@example.com")).send(QUOTE, CUSTOMER)

    assert isinstance(result, Deferred)
    assert result.why.en == "The certificate of the mail server is not trusted"
    assert sink.logins == []


def test_a_server_without_encryption_gets_no_password() -> None:
    sink = Sink()
    with serving(sink, auth_require_tls=False) as port:
        result = Email(MailServer.parse(f"smtp+starttls://desk:s3cret@{HOST}:{port}", "desk@example.com")).send(QUOTE, CUSTOMER)

    assert isinstance(result, Deferred)
    assert sink.logins == []
    assert sink.received == []
