"""Settings: where they come from, which one wins, and what a mistaken one is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import Misuse
from engine.settings import SHIPPED, Settings, masked, spoken


def written(folder: Path, text: str, name: str = "aftercare.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def refusal(environ: dict[str, str], folder: Path) -> Misuse:
    with pytest.raises(Misuse) as caught:
        Settings.load(environ, folder)
    sentence = caught.value.sentence
    assert sentence.zh
    assert sentence.zh != sentence.en
    return caught.value


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    settings = Settings.load({}, tmp_path)

    assert settings.database == f"sqlite:///{tmp_path}/aftercare.db"
    assert settings.language == "en"
    assert settings.zone.key == "Asia/Shanghai"
    assert settings.definitions == ()
    assert settings.definition_path() == (SHIPPED / "workflows",)
    assert settings.role_path() == (SHIPPED / "roles",)


def test_the_working_directory_brings_its_own_workflows_before_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "roles").mkdir()

    settings = Settings.load({}, tmp_path)

    assert settings.definition_path() == (tmp_path / "workflows", SHIPPED / "workflows")
    assert settings.role_path() == (tmp_path / "roles", SHIPPED / "roles")


def test_the_checkout_does_not_look_up_its_workflows_twice() -> None:
    assert Settings.load({}, SHIPPED).role_path() == (SHIPPED / "roles",)


def test_a_variable_wins_over_the_file(tmp_path: Path) -> None:
    written(tmp_path, 'zone = "Europe/Berlin"\nlanguage = "zh"\n')

    settings = Settings.load({"AFTERCARE_ZONE": "Asia/Tokyo"}, tmp_path)

    assert settings.zone.key == "Asia/Tokyo"
    assert settings.language == "zh"


def test_a_file_elsewhere_is_named_by_a_variable_and_its_paths_start_from_its_own_folder(tmp_path: Path) -> None:
    station = tmp_path / "station"
    (station / "own").mkdir(parents=True)
    (tmp_path / "work").mkdir()
    written(station, 'database = "sqlite:///cases.db"\ndefinitions = ["own"]\n', "settings.toml")

    settings = Settings.load({"AFTERCARE_CONFIG": "../station/settings.toml"}, tmp_path / "work")

    assert Path(settings.database.removeprefix("sqlite:///")).resolve() == station / "cases.db"
    assert [folder.resolve() for folder in settings.definitions] == [station / "own"]


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    (tmp_path / "aftercare.toml").write_bytes(b'\xef\xbb\xbflanguage = "zh"\r\n')

    assert Settings.load({}, tmp_path).language == "zh"


def test_several_folders_are_looked_up_in_the_order_written(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()

    settings = Settings.load({"AFTERCARE_DEFINITIONS": "second:first"}, tmp_path)

    assert settings.definitions == (tmp_path / "second", tmp_path / "first")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "AFTERCARE_LANGUAGE": "en"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "AFTERCARE_LANGUAGE": "français"}, "zh"),
    ],
)
def test_the_language_is_known_before_the_settings_are_valid(environ: dict[str, str], language: str) -> None:
    assert spoken(environ) == language


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_key(tmp_path: Path) -> None:
    error = refusal({}, written(tmp_path, '# 本站设置\nlanguage = "zh"\n\ndatabse = "sqlite:///a.db"\n'))

    assert f"{tmp_path}/aftercare.toml, line 4: there is no setting “databse”" in error.sentence.en
    assert "第 4 行" in error.sentence.zh
    assert error.way_out is not None
    assert error.way_out.en == "Did you mean “database”?"


def test_an_unknown_variable_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    error = refusal({"AFTERCARE_DATABSE": "sqlite:///a.db"}, tmp_path)

    assert "variable AFTERCARE_DATABSE" in error.sentence.en
    assert error.way_out is not None
    assert "AFTERCARE_DATABASE" in error.way_out.zh


def test_the_variable_of_another_program_is_left_alone(tmp_path: Path) -> None:
    assert Settings.load({"AFTER_ALL": "x", "PATH": "/bin"}, tmp_path).language == "en"


@pytest.mark.parametrize(
    ("text", "sentence", "way_out"),
    [
        (
            'zone = "Asia/Shanghia"\n',
            "line 1: expected the name of an IANA time zone such as Asia/Shanghai, found Asia/Shanghia.",
            "Asia/Shanghai",
        ),
        ('zone = "Asia"\n', "found Asia.", None),
        ('zone = "../../etc/passwd"\n', "found ../../etc/passwd.", None),
        ("zone = 8\n", "found 8.", None),
        ('language = "zh_CN"\n', "expected zh or en, found zh_CN.", "zh"),
        ('\n[database]\nurl = "x"\n', "line 2: expected a database address, found a table.", "sqlite:///FILE"),
        ('database = "mysql://h/d"\n', "expected a database address, found mysql://….", "postgresql://USER@HOST/DATABASE"),
        ('database = "sqlite://aftercare.db"\n', "expected three slashes, sqlite:///", "sqlite:///FILE"),
        ('definitions = "nowhere"\n', "expected one or more existing folders", None),
        ("definitions = []\n", "expected one or more existing folders, found a list.", None),
        ('roles = ["roles", 3]\n', "expected one or more existing folders, found a list.", None),
        ("language = zh\n", "is not valid TOML", 'zone = "Asia/Shanghai"'),
    ],
)
def test_a_mistaken_value_is_refused_with_what_was_expected(tmp_path: Path, text: str, sentence: str, way_out: str | None) -> None:
    error = refusal({}, written(tmp_path, text))

    assert sentence in error.sentence.en
    assert str(tmp_path) in error.sentence.en
    if way_out is not None:
        assert error.way_out is not None
        assert way_out in error.way_out.en


@pytest.mark.parametrize(
    ("written_as", "host", "port"),
    [
        ("127.0.0.1:8000", "127.0.0.1", 8000),
        ("0.0.0.0:0", "0.0.0.0", 0),
        (" desk.example.com:65535 ", "desk.example.com", 65535),
        ("[::1]:8000", "::1", 8000),
    ],
)
def test_a_server_listens_where_it_is_told(tmp_path: Path, written_as: str, host: str, port: int) -> None:
    listen = Settings.load({"AFTERCARE_LISTEN": written_as}, tmp_path).listen

    assert (listen.host, listen.port, str(listen)) == (host, port, written_as.strip())


@pytest.mark.parametrize(
    "wild", ["8000", ":8000", "::1:8000", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "a:８０００", "[]:80", "http://a"]
)
def test_what_is_no_place_to_listen_is_refused(tmp_path: Path, wild: str) -> None:
    assert "ADDRESS:PORT" in refusal({"AFTERCARE_LISTEN": wild}, tmp_path).sentence.en


def test_an_empty_variable_does_not_silently_mean_the_default(tmp_path: Path) -> None:
    assert (
        "variable AFTERCARE_DATABASE: expected a database address, found nothing."
        in refusal({"AFTERCARE_DATABASE": ""}, tmp_path).sentence.en
    )


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    error = refusal({"AFTERCARE_CONFIG": "absent.toml"}, tmp_path)

    assert f"The settings file {tmp_path}/absent.toml cannot be read" in error.sentence.en
    assert error.way_out is not None
    assert "AFTERCARE_CONFIG" in error.way_out.en


def test_a_settings_file_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    (tmp_path / "aftercare.toml").write_bytes("# 设置\n".encode("gb18030"))

    error = refusal({}, tmp_path)

    assert error.way_out is not None
    assert error.way_out.zh == "请另存为 UTF-8。"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://clerk:s3cret@db/aftercare", "postgresql://clerk:***@db/aftercare"),
        ("postgresql+psycopg://clerk:s3/c@ret@db:5432/a", "postgresql+psycopg://clerk:***@db:5432/a"),
        ("postgresql://db/a?user=clerk&password=s3cret", "postgresql://db/a?user=clerk&password=***"),
        ("postgresql://clerk@/a?host=%2Frun", "postgresql://clerk@/a?host=%2Frun"),
        ("sqlite:////srv/a:b@c/aftercare.db", "sqlite:////srv/a:b@c/aftercare.db"),
    ],
)
def test_a_password_is_masked(url: str, shown: str) -> None:
    assert masked(url) == shown


def test_a_password_is_never_printed(tmp_path: Path) -> None:
    settings = Settings.load({"AFTERCARE_DATABASE": "postgresql://clerk:s3cret@db/aftercare"}, tmp_path)
    assert settings.database == "postgresql://clerk:s3cret@db/aftercare"
    assert settings.shown()["database"] == "postgresql://clerk:***@db/aftercare"
    assert "s3cret" not in repr(settings)

    for database in ("postgre://clerk:s3cret@db", "clerk:s3cret@db"):
        error = refusal({"AFTERCARE_DATABASE": database}, tmp_path)
        assert "s3cret" not in f"{error.sentence}{error.way_out}{error}"


def test_reading_the_settings_loads_nothing_heavy() -> None:
    program = "import sys, engine.settings; print(*sorted({'pydantic', 'sqlalchemy', 'rich', 'click', 'ruamel'} & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-c", program], cwd=SHIPPED, capture_output=True, text=True, check=True).stdout.strip() == ""


@pytest.mark.parametrize(("written_as", "allowed"), [("true", True), ("false", False)])
def test_signing_in_without_encryption_is_allowed_in_the_file_or_by_a_variable(tmp_path: Path, written_as: str, allowed: bool) -> None:
    assert Settings.load({"AFTERCARE_PLAIN_HTTP": written_as}, tmp_path).plain_http is allowed
    assert Settings.load({}, written(tmp_path, f"plain_http = {written_as}\n")).plain_http is allowed
    assert Settings.load({}, tmp_path).shown()["plain_http"] == written_as


@pytest.mark.parametrize("value", ["yes", "1", "", "True "])
def test_what_is_neither_yes_nor_no_allows_nothing(tmp_path: Path, value: str) -> None:
    assert "expected true or false" in refusal({"AFTERCARE_PLAIN_HTTP": value}, tmp_path).sentence.en
