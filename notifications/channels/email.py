"""E-mail: one plain message to one person, handed to the installation's mail server. The only module that knows smtplib.

A mail server may accept and fall silent, or answer a byte at a time, which no timeout of a socket bounds. So each exchange
runs in a thread of its own, and at the deadline its connection is broken off. What is then unknown counts as deferred: it is
sent again with the same Message-ID, by which a reader's mail program knows a duplicate.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from threading import Thread

from engine.label import Label, verbatim
from notifications.mailserver import ADDRESS, MailServer
from notifications.message import Deferred, Delivered, Message, Recipient, Rejected, Result, one_line

_POLICY = SMTP.clone(cte_type="7bit")
"""Nothing but ASCII on the wire: not every server on the way passes more."""

_OUR_LOGIN = frozenset({530, 534, 535, 538})
"""Answers about how we log in: the installation is at fault, not the message, and it will be mended."""

_BACKSTOP = 2
"""Times the deadline: when a socket gives up by itself, should it have slipped past being broken off."""

_GOODBYE = 2.0
_LONGEST_LINE = 200

_TROUBLES: tuple[tuple[type[Exception], Label], ...] = (
    (smtplib.SMTPServerDisconnected, Label("邮件服务器断开了连接", "The mail server closed the connection")),
    (smtplib.SMTPNotSupportedError, Label("邮件服务器不支持所设的登录方式", "The mail server does not offer the login that is set up")),
    (TimeoutError, Label("邮件服务器没有及时回答", "The mail server did not answer in time")),
    (socket.gaierror, Label("找不到邮件服务器的主机", "The host of the mail server was not found")),
    (ConnectionRefusedError, Label("邮件服务器拒绝连接", "The mail server refused the connection")),
    (ssl.SSLCertVerificationError, Label("邮件服务器的证书不可信", "The certificate of the mail server is not trusted")),
    (ssl.SSLError, Label("与邮件服务器的加密连接失败", "The encrypted connection to the mail server failed")),
)


class Email:
    """Reaches everybody who has an address. An exchange with the server takes at most `deadline`."""

    name = "email"

    def __init__(self, server: MailServer, deadline: timedelta = timedelta(seconds=30)) -> None:
        self._server = server
        self._deadline = deadline

    def reaches(self, recipient: Recipient) -> bool:
        """Whether he has an address, good or bad: that a bad one is rejected must be seen."""
        return bool(recipient.email)

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Hand it over. 5xx to the message or the address rejects; 4xx, trouble of the network and a bad login defer."""
        address = recipient.email or ""
        if not ADDRESS.fullmatch(address):
            sentence = Label("“{found}”不是可用的邮箱地址", "“{found}” is not an address that mail can be sent to")
            return Rejected(sentence.fill(found=one_line(address, _LONGEST_LINE)))
        return _Exchange(self._server, address, _composed(message, recipient.name, address, self._server)).conclude(self._deadline)


def _composed(message: Message, name: str, address: str, server: MailServer) -> bytes:
    """The mail as it is sent. Its headers are written here: the library's would decode words that a text merely looks like."""
    headers = (
        f"Message-ID: <{message.id}@{server.domain}>",
        f"Date: {format_datetime(datetime.now(UTC))}",
        f"From: {_mailbox(parseaddr(server.sender)[0], server.address)}",
        f"To: {_mailbox(name, address)}",
        f"Subject: {_encoded(message.text.subject)}",
        "Auto-Submitted: auto-generated",
    )
    mail = EmailMessage(_POLICY)
    mail.set_content(_sendable(message.text.body))
    return "\r\n".join((*headers, "")).encode("ascii") + mail.as_bytes()


def _mailbox(name: str, address: str) -> str:
    return f"{_encoded(name)} <{address}>" if name else address


def _encoded(text: str) -> str:
    """A text on one line as words of RFC 2047, folded: nothing in it can be taken for an address or a header."""
    return Header(one_line(_sendable(text), _LONGEST_LINE), "utf-8", header_name="Subject").encode(linesep="\r\n")


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


class _Exchange:
    """One exchange with the server. `conclude` returns in time; the thread behind it ends soon after, with its connection."""

    def __init__(self, server: MailServer, address: str, content: bytes) -> None:
        self._server = server
        self._address = address
        self._content = content
        self._result: Result | None = None
        self._connection: socket.socket | None = None
        self._is_handed_over = False
        self._is_broken_off = False

    def conclude(self, deadline: timedelta) -> Result:
        thread = Thread(target=self._run, args=(deadline.total_seconds() * _BACKSTOP,), name="aftercare-email", daemon=True)
        thread.start()
        thread.join(deadline.total_seconds())
        result = self._result or self._unfinished(TimeoutError())
        self._break_off()
        return result

    def _break_off(self) -> None:
        self._is_broken_off = True
        if self._connection is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)  # beneath TLS, which may wait for an answer

    def _run(self, timeout: float) -> None:
        client = smtplib.SMTP(local_hostname=self._server.domain, timeout=timeout)
        try:
            self._enter(client, timeout)
            self._result = self._hand_over(client)
            if client.sock is not None:
                client.sock.settimeout(_GOODBYE)
                client.quit()
        except (OSError, ValueError) as error:
            self._result = self._result or self._unfinished(error)
        finally:
            client.close()
            if self._connection is not None:
                self._connection.close()

    def _enter(self, client: smtplib.SMTP, timeout: float) -> None:
        """Connect, encrypt and log in, step by step, so that the connection can be broken off at every moment."""
        connection = socket.create_connection((self._server.host, self._server.port), timeout)
        self._connection = client.sock = connection
        if self._is_broken_off:
            raise TimeoutError
        if self._server.security == "tls":
            self._encrypt(client, connection)
        _agreed(*client.getreply())
        client.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            _agreed(*client.docmd("STARTTLS"))
            self._encrypt(client, connection)
            _agreed(*client.ehlo())
        if self._server.user is not None:
            client.login(self._server.user, self._server.password or "")

    def _encrypt(self, client: smtplib.SMTP, connection: socket.socket) -> None:
        context = ssl.create_default_context()
        secure = context.wrap_socket(connection, server_hostname=self._server.host, do_handshake_on_connect=False)
        self._connection = client.sock = secure
        client.file = None  # what arrived before encryption is not to be believed
        secure.do_handshake()

    def _hand_over(self, client: smtplib.SMTP) -> Result:
        code, reply = client.mail(self._server.address)
        if code // 100 == 2:
            code, reply = client.rcpt(self._address)
        if code // 100 != 2:
            return _refused(code, reply)
        self._is_handed_over = True
        try:
            code, reply = client.data(self._content)
        except smtplib.SMTPDataError as error:
            return _refused(error.smtp_code, error.smtp_error)
        return Delivered(_in_words(reply)) if code // 100 == 2 else _refused(code, reply)

    def _unfinished(self, error: Exception) -> Result:
        if self._is_handed_over:
            sentence = Label(
                "交付时连接中断，不知是否送达：{reason}", "The connection broke during the handover, perhaps it arrived: {reason}"
            )
            return Deferred(sentence.fill(reason=_trouble(error)))
        return Deferred(_trouble(error))


def _agreed(code: int, reply: bytes) -> None:
    if code // 100 != 2:
        raise smtplib.SMTPResponseException(code, reply)


def _refused(code: int, reply: bytes | str) -> Result:
    why = _answered(code, reply)
    return Rejected(why) if code // 100 == 5 and code not in _OUR_LOGIN else Deferred(why)


def _trouble(error: Exception) -> Label:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    return next((why for kind, why in _TROUBLES if isinstance(error, kind)), verbatim(one_line(str(error), _LONGEST_LINE)))


def _answered(code: int, reply: bytes | str) -> Label:
    sentence = Label("邮件服务器回答 {code} {reply}", "The mail server answered {code} {reply}")
    return sentence.fill(code=code, reply=_in_words(reply))


def _in_words(reply: bytes | str) -> str:
    return one_line(reply if isinstance(reply, str) else reply.decode("utf-8", "replace"), _LONGEST_LINE)
