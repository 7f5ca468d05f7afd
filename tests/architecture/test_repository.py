"""What the repository must not carry: download addresses, a machine's own paths, unlocked or disagreeing pins."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, name

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
TEXT = {".cfg", ".csv", ".j2", ".json", ".lock", ".md", ".py", ".toml", ".txt", ".yaml", ".yml", ""}


def tracked() -> list[Path]:
    """The text files of the repository as git knows them, those about to be added too."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip(f"not a git checkout: {listed.stderr.strip()}")
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file() and path.suffix in TEXT]


def pins(lock: Path) -> dict[str, str]:
    return dict(PIN.findall(lock.read_text(encoding="utf-8")))


@pytest.mark.parametrize("lock", LOCKS, ids=name)
def test_a_lock_names_no_address_and_hashes_every_package(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links| @ ", text) == []
    entries = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert len(entries) == len(pins(lock)) > 0


def test_every_lock_agrees_on_the_versions() -> None:
    everything = pins(ROOT / "requirements" / "dev.lock")

    for lock in ("runtime", "postgres"):
        assert pins(ROOT / "requirements" / f"{lock}.lock").items() <= everything.items()


def test_the_project_builds_with_the_locked_back_end() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    (back_end,) = project["build-system"]["requires"]
    assert back_end == f"hatchling=={pins(ROOT / 'requirements' / 'build.lock')['hatchling']}"


def test_no_file_names_a_home_folder_or_a_package_index() -> None:
    banned = re.compile(r"/(?:home|Users)/[a-z]\w*|/root/\w|/work/(?:main|shared)|\bpypi\.org|\bfiles\.pythonhosted\b|\bindex-url\s*=")
    found = {
        name(path): hits
        for path in tracked()
        if path != Path(__file__) and (hits := banned.findall(path.read_text(encoding="utf-8", errors="replace")))
    }

    assert found == {}


def test_no_lock_of_another_kind_brings_addresses_back() -> None:
    assert [name(path) for path in tracked() if path.name in {"uv.lock", "poetry.lock", "Pipfile.lock"}] == []
