"""Where this installation keeps its cases and what it speaks: frozen, and validated at start.

Settings come from `aftercare.toml` (in the working directory, or where AFTERCARE_CONFIG points) and from `AFTERCARE_…`
variables; a variable wins, and an option of the command line over both. Knows names and values only: it opens no database
and reads no definition, and imports nothing heavy, so that `--help` stays quick. A database password never leaves through
a message, `repr` or `shown`.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from engine.errors import Misuse, did_you_mean, reason_of
from engine.label import Label, Language, verbatim
from notifications.destination import Reach
from notifications.mailserver import MailServer

FILE_NAME = "aftercare.toml"
PREFIX = "AFTERCARE_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
KEYS = ("database", "language", "zone", "definitions", "roles", "mail", "sender", "link", "outbound", "listen", "plain_http")

SHIPPED = Path(__file__).resolve().parents[1]
"""The folder that holds the shipped `workflows` and `roles`, in a checkout and in an installation alike."""

_PORTS = 65_535
_SCHEMES = ("sqlite", "postgresql", "postgresql+psycopg")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a server listens: an address or name of this machine, and a port; 0: any that is free."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


LOCAL = Listen("127.0.0.1", 8000)
"""Where nobody on another machine gets to."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run of Aftercare is told; `load` is the only door that a user's values come through."""

    database: str = field(repr=False)
    """A database URL; a relative SQLite path has been anchored to the folder it was written for."""
    language: Language
    zone: ZoneInfo
    definitions: tuple[Path, ...]
    """Folders of the user's own workflows, first before last, all before the shipped ones."""
    roles: tuple[Path, ...]
    """Folders of the user's own role files, in the same order."""
    mail: MailServer | None = None
    """The server that takes the mail, and in whose name; None: people are told in their inboxes alone."""
    link: str = ""
    """Where a case can be looked at, with `{number}` in it; messages name it. Empty without such a place."""
    outbound: Reach = "public"
    """Which machines endpoints may be on."""
    listen: Listen = LOCAL
    """Where `aftercare serve` listens."""
    plain_http: bool = False
    """Whether people may sign in without encryption, also from other machines."""

    @classmethod
    def load(cls, environ: Mapping[str, str], directory: Path, options: Mapping[str, str] | None = None) -> Settings:
        """Read the settings that hold in `directory`. Raises Misuse with the file and line, the variable or the option at fault.

        `options` are values from a command line, by key; they win.
        """
        directory = directory.absolute()
        given = _from_file(environ, directory) | _from_environment(environ, directory) | _from_options(options or {}, directory)
        return cls(
            database=_database(given.get("database"), directory),
            language=_language(given["language"]) if "language" in given else spoken(environ),
            zone=_zone(given.get("zone")),
            definitions=_folders(given.get("definitions"), directory / "workflows"),
            roles=_folders(given.get("roles"), directory / "roles"),
            mail=_mail(given.get("mail"), given.get("sender")),
            link=_link(given.get("link")),
            outbound=_outbound(given.get("outbound")),
            listen=_listen(given.get("listen")),
            plain_http=_plain_http(given.get("plain_http")),
        )

    def definition_path(self) -> tuple[Path, ...]:
        """The folders in which a workflow is looked up, nearest first, the shipped ones last."""
        return _with_shipped(self.definitions, SHIPPED / "workflows")

    def role_path(self) -> tuple[Path, ...]:
        """The folders in which role files are looked up, nearest first, the shipped ones last."""
        return _with_shipped(self.roles, SHIPPED / "roles")

    def shown(self) -> dict[str, str]:
        """Every setting as text for people, by its key, with the database password masked."""
        return {
            "database": masked(self.database),
            "language": self.language,
            "zone": self.zone.key,
            "definitions": os.pathsep.join(map(str, self.definitions)),
            "roles": os.pathsep.join(map(str, self.roles)),
            "mail": f"{self.mail.host}:{self.mail.port}" if self.mail is not None else "",
            "sender": self.mail.sender if self.mail is not None else "",
            "link": self.link,
            "outbound": self.outbound,
            "listen": str(self.listen),
            "plain_http": str(self.plain_http).lower(),
        }


def spoken(environ: Mapping[str, str]) -> Language:
    """The language to speak before, or without, valid settings: AFTERCARE_LANGUAGE, else the locale, else English."""
    chosen = _language_in(environ.get(f"{PREFIX}LANGUAGE"))
    if chosen is not None:
        return chosen
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def masked(database: str) -> str:
    """A database URL without its secrets.

    >>> masked("postgresql://clerk:s3cret@db/aftercare?sslpassword=x")
    'postgresql://clerk:***@db/aftercare?sslpassword=***'
    """
    without_user_password = re.sub(r"(://[^:/@]*):.*@", r"\1:***@", database)
    return re.sub(r"([?&][^=&]*(?:password|secret|token)[^=&]*=)[^&]*", r"\1***", without_user_password, flags=re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Given:
    """A value as written, where it was written, and the folder that its relative paths start from."""

    value: object
    where: Label
    base: Path

    def text(self, expected: Label) -> str:
        if isinstance(self.value, str) and self.value.strip():
            return self.value.strip()
        raise self.mistake(expected)

    def mistake(self, expected: Label, way_out: Label | None = None, found: Label | None = None) -> Misuse:
        """*where: expected A, found B*; `found` stands in for a value that must not be repeated."""
        sentence = Label("{where}：应为{expected}，实际为{found}。", "{where}: expected {expected}, found {found}.")
        return Misuse(sentence.fill(where=self.where, expected=expected, found=found or _described(self.value)), way_out)


def _described(value: object) -> Label:
    match value:
        case str() if value.strip():
            return verbatim(value)
        case str():
            return Label("空值", "nothing")
        case dict():
            return Label("一个表", "a table")
        case list():
            return Label("一个列表", "a list")
        case _:
            return verbatim(str(value))


def _from_file(environ: Mapping[str, str], directory: Path) -> dict[str, _Given]:
    named = environ.get(CONFIG_VARIABLE)
    path = directory / (FILE_NAME if named is None else named)
    if named is None and not path.exists():
        return {}
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = tomllib.loads(text)
    except OSError as error:
        sentence = Label("无法读取设置文件 {path}：{reason}。", "The settings file {path} cannot be read: {reason}.")
        way_out = Label("请检查 {variable} 和文件权限。", "Check {variable} and the permissions of the file.").fill(
            variable=CONFIG_VARIABLE
        )
        raise Misuse(sentence.fill(path=path, reason=reason_of(error)), way_out) from error
    except UnicodeDecodeError as error:
        sentence = Label("设置文件 {path} 应为 UTF-8 编码，实际不是。", "Expected the settings file {path} to be UTF-8, found other bytes.")
        raise Misuse(sentence.fill(path=path), Label("请另存为 UTF-8。", "Save it as UTF-8.")) from error
    except tomllib.TOMLDecodeError as error:
        sentence = Label("设置文件 {path} 不是合法的 TOML：{reason}。", "The settings file {path} is not valid TOML: {reason}.")
        raise Misuse(
            sentence.fill(path=path, reason=error),
            Label('请每行写一项，例如 zone = "Asia/Shanghai"。', 'Write one setting a line, as in zone = "Asia/Shanghai".'),
        ) from error
    given = {key: _Given(value, _line(path, text, key), path.parent.absolute()) for key, value in document.items()}
    for key in given.keys() - set(KEYS):
        raise _unknown(given[key].where, key, KEYS)
    return given


def _line(path: Path, text: str, key: str) -> Label:
    """Where a top-level key stands; tomllib keeps no positions, so its name is looked for at the beginning of a line."""
    begins = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[\].=]""")
    number = next((number for number, line in enumerate(text.splitlines(), 1) if begins.match(line)), 1)
    return Label("{path} 第 {number} 行", "{path}, line {number}").fill(path=path, number=number)


def _from_environment(environ: Mapping[str, str], directory: Path) -> dict[str, _Given]:
    known = {f"{PREFIX}{key.upper()}": key for key in KEYS}
    given: dict[str, _Given] = {}
    for variable, value in environ.items():
        where = Label("环境变量 {name}", "variable {name}").fill(name=variable)
        if variable in known:
            given[known[variable]] = _Given(value, where, directory)
        elif variable.startswith(PREFIX) and variable != CONFIG_VARIABLE:
            raise _unknown(where, variable, (*known, CONFIG_VARIABLE))
    return given


def _from_options(options: Mapping[str, str], directory: Path) -> dict[str, _Given]:
    return {key: _Given(value, Label("选项 --{key}", "option --{key}").fill(key=key), directory) for key, value in options.items()}


def _unknown(where: Label, name: str, known: tuple[str, ...]) -> Misuse:
    sentence = Label("{where}：没有设置“{name}”；可用：{known}。", "{where}: there is no setting “{name}”; available: {known}.")
    return Misuse(sentence.fill(where=where, name=name, known=", ".join(known)), did_you_mean(name, known))


def _database(given: _Given | None, directory: Path) -> str:
    if given is None:
        return _anchored("sqlite:///aftercare.db", directory)
    expected = Label("数据库地址", "a database address")
    way_out = Label("请写成 sqlite:///文件 或 postgresql://用户@主机/数据库。", "Write sqlite:///FILE or postgresql://USER@HOST/DATABASE.")
    if not isinstance(given.value, str) or not given.value.strip():
        raise given.mistake(expected, way_out)
    url = given.value.strip()
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise given.mistake(expected, way_out, Label("不含“://”的文字", "a text without “://”"))
    if scheme not in _SCHEMES:
        raise given.mistake(expected, way_out, verbatim(f"{scheme}://…"))
    if scheme == "sqlite" and not rest.startswith("/"):
        raise given.mistake(Label("三个斜杠 sqlite:///", "three slashes, sqlite:///"), way_out)
    return _anchored(url, given.base)


def _anchored(url: str, base: Path) -> str:
    """A relative SQLite path made absolute, so that the same settings mean the same file from every folder."""
    name = url.removeprefix("sqlite:///")
    if name == url or Path(name).is_absolute() or name.startswith((":memory:", "file:")):
        return url
    return f"sqlite:///{base / name}"


def _language(given: _Given) -> Language:
    language = _language_in(given.value)
    if language is None:
        raise given.mistake(Label("zh 或 en", "zh or en"), did_you_mean(str(given.value), ("zh", "en")))
    return language


def _language_in(value: object) -> Language | None:
    match value:
        case "zh" | "en" as language:
            return language
        case _:
            return None


def _zone(given: _Given | None) -> ZoneInfo:
    given = given or _Given("Asia/Shanghai", Label("默认时区", "default zone"), Path())
    expected = Label("IANA 时区名，如 Asia/Shanghai", "the name of an IANA time zone such as Asia/Shanghai")
    name = given.text(expected)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError) as error:  # ZoneInfo opens a file of that name: a folder, or a path that leads outside
        raise given.mistake(expected) from error
    except KeyError as error:
        zones = available_timezones()
        install = Label("本机没有时区数据，请安装 tzdata。", "This machine has no time zone data: install tzdata.")
        raise given.mistake(expected, did_you_mean(name, zones) if zones else install) from error


def _mail(server: _Given | None, sender: _Given | None) -> MailServer | None:
    if server is None and sender is None:
        return None
    for given, missing in ((server, "mail"), (sender, "sender")):
        if given is None:
            other = server or sender
            assert other is not None
            sentence = Label("{where}：还缺设置“{key}”。", "{where}: the setting “{key}” is missing beside it.")
            raise Misuse(
                sentence.fill(where=other.where, key=missing),
                Label("发送邮件需要同时设置 mail 与 sender。", "To send mail, set both mail and sender."),
            )
    assert server is not None
    assert sender is not None
    url = server.text(Label("邮件服务器地址，如 smtp://主机:25", "the address of a mail server such as smtp://HOST:25"))
    return MailServer.parse(url, sender.text(Label("发件人地址", "the address of the sender")))


def _link(given: _Given | None) -> str:
    if given is None:
        return ""
    expected = Label("含 {number} 的网址", "an address with {number} in it")
    link = given.text(expected)
    if not link.startswith(("http://", "https://")) or "{number}" not in link:
        raise given.mistake(
            expected, Label("例如 https://desk.example.com/cases/{number}。", "For example https://desk.example.com/cases/{number}.")
        )
    return link


def _outbound(given: _Given | None) -> Reach:
    if given is None:
        return "public"
    match given.value:
        case "public" | "private" as reach:
            return reach
    way_out = Label(
        "public：只通过 https 推送到互联网；private：也可推送到内部网络，也可用 http。",
        "public: only to the open internet, over https; private: to your own network too, and over http.",
    )
    raise given.mistake(Label("public 或 private", "public or private"), did_you_mean(str(given.value), ("public", "private")) or way_out)


def _listen(given: _Given | None) -> Listen:
    if given is None:
        return LOCAL
    expected = Label("地址:端口，如 127.0.0.1:8000", "ADDRESS:PORT such as 127.0.0.1:8000")
    written = given.text(expected)
    host, _, port = written.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    is_port = port.isascii() and port.isdigit() and int(port) <= _PORTS
    if not is_port or not bare or (":" in bare and bare == host):
        raise given.mistake(expected, Label("IPv6 地址写在方括号里：[::1]:8000。", "An IPv6 address stands in brackets: [::1]:8000."))
    return Listen(bare, int(port))


def _plain_http(given: _Given | None) -> bool:
    if given is None:
        return False
    match given.value:
        case bool() as allowed:
            return allowed
        case "true" | "false" as written:
            return written == "true"
    raise given.mistake(
        Label("true 或 false", "true or false"),
        Label("true：在内部网络中不加密也可登录。", "true: people may sign in without encryption, in a network of your own."),
    )


def _folders(given: _Given | None, default: Path) -> tuple[Path, ...]:
    if given is None:
        return (default,) if default.is_dir() else ()
    names = given.value if isinstance(given.value, list) else given.value.split(os.pathsep) if isinstance(given.value, str) else ()
    expected = Label("一个或多个现有的文件夹", "one or more existing folders")
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise given.mistake(expected)
    folders = tuple(given.base / name.strip() for name in names)
    for folder in folders:
        if not folder.is_dir():
            raise given.mistake(expected, found=verbatim(str(folder)))
    return folders


def _with_shipped(own: tuple[Path, ...], shipped: Path) -> tuple[Path, ...]:
    return (*(folder for folder in own if folder.resolve() != shipped), shipped)
