"""The address of a mail server is read as people write it; a bad one is explained without repeating its password."""

from __future__ import annotations

import pytest

from engine.errors import Misuse
from notifications.mailserver import MailServer


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 25, "none", None, None)),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "none", None, None)),
        ("smtp://[::1]:2525/", ("::1", 2525, "none", None, None)),
        ("smtp+starttls://mail.example.com", ("mail.example.com", 587, "starttls", None, None)),
        ("smtp+starttls://desk:s3cret@mail.example.com:2587", ("mail.example.com", 2587, "starttls", "desk", "s3cret")),
        (" smtps://desk%40example.com:s%3A%2F%40cret@mail.example.com ", ("mail.example.com", 465, "tls", "desk@example.com", "s:/@cret")),
    ],
)
def test_an_address_is_read(url: str, server: tuple[object, ...]) -> None:
    found = MailServer.parse(url, "desk@example.com")

    assert (found.host, found.port, found.security, found.user, found.password) == server


@pytest.mark.parametrize(
    "sender", ["desk@example.com", "Service desk <desk@example.com>", "售后服务台 <desk@example.com>", '"A, B" <desk@example.com>']
)
def test_a_sender_has_an_address_and_a_domain(sender: str) -> None:
    found = MailServer.parse("smtp://mail.example.com", sender)

    assert (found.address, found.domain) == ("desk@example.com", "example.com")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "expected the address of a mail server, found a text without “://”"),
        ("mail.example.com:25", "expected the address of a mail server, found a text without “://”"),
        ("http://mail.example.com", "expected smtp, smtp+starttls or smtps, found http://…"),
        ("smtp://", "expected the name of a host, found something else"),
        ("smtp://mail example.com", "expected the name of a host, found something else"),
        ("smtp://mail_.example.com\x00", "expected the name of a host, found something else"),
        ("smtp://mail.example.com:0", "expected the name of a host, found something else"),
        ("smtp://mail.example.com:port", "expected a host and a port, found a text that cannot be read"),
        ("smtp://mail.example.com:99999", "expected a host and a port, found a text that cannot be read"),
        ("smtp://[::1", "expected a host and a port, found a text that cannot be read"),
        ("smtp://mail.example.com/inbox", "expected nothing after the host and the port, found something else"),
        ("smtps://desk:s3#cret@mail.example.com", "expected a host and a port, found a text that cannot be read"),
        ("smtps://desk:s3/cret@mail.example.com", "expected a host and a port, found a text that cannot be read"),
        ("smtps://desk:s3?cret@mail.example.com", "expected a host and a port, found a text that cannot be read"),
        ("smtps://desk@mail.example.com", "expected a user and a password of ASCII characters, found something else"),
        ("smtps://:s3cret@mail.example.com", "expected a user and a password of ASCII characters, found something else"),
        ("smtps://desk:s3cret密@mail.example.com", "expected a user and a password of ASCII characters, found something else"),
        ("smtps://desk:s3cret%0D%0A@mail.example.com", "expected a user and a password of ASCII characters, found something else"),
        ("smtp://desk:s3cret@mail.example.com", "expected an encrypted connection to send a password over, found smtp://"),
    ],
)
def test_a_bad_address_is_explained(url: str, sentence: str) -> None:
    with pytest.raises(Misuse) as refusal:
        MailServer.parse(url, "desk@example.com")

    said = refusal.value
    assert said.way_out is not None
    assert said.__cause__ is None
    assert sentence in said.sentence.en
    for text in (said.sentence.en, said.sentence.zh, said.way_out.en, said.way_out.zh):
        assert "s3" not in text
        assert "cret" not in text


def test_the_nearest_scheme_is_offered() -> None:
    with pytest.raises(Misuse) as refusal:
        MailServer.parse("smtp+startls://mail.example.com", "desk@example.com")

    assert refusal.value.way_out is not None
    assert refusal.value.way_out.en == "Did you mean “smtp+starttls”?"


@pytest.mark.parametrize("sender", ["", "desk", "desk@", "a@b@example.com", "desk@example.com\r\nBcc: x@example.com", "客服@example.com"])
def test_a_bad_sender_is_explained(sender: str) -> None:
    with pytest.raises(Misuse, match="Expected an e-mail address as the sender"):
        MailServer.parse("smtp://mail.example.com", sender)


def test_the_password_is_not_shown() -> None:
    assert "s3cret" not in repr(MailServer.parse("smtps://desk:s3cret@mail.example.com", "desk@example.com"))
