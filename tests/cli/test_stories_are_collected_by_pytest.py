"""The plugin of pytest: a test for each story, with words instead of a traceback; a file with a mistake is an error of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from tests.cli.stories import STORIES, write

PLUGIN = ("-p", "commands.pytest_plugin", "-p", "no:randomly", "-p", "no:cacheprovider")


@pytest.fixture
def there(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A folder with a process of its own."""
    monkeypatch.setenv("AFTERCARE_LANGUAGE", "en")
    (pytester.path / "workflows").mkdir()
    there = Terminal(Path(pytester.path))
    write(there)
    return there


def test_each_story_is_a_test_and_fails_in_words(pytester: pytest.Pytester, there: Terminal) -> None:
    assert there.folder == pytester.path

    result = pytester.runpytest_inprocess(*PLUGIN, "-v")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "workflows/key-loan.scenarios.yaml::Lent and given back PASSED*",
            "workflows/key-loan.scenarios.yaml::The desk lends nothing by itself FAILED*",
            "workflows/key-loan.scenarios.yaml:15:9: The desk lends nothing by itself",
            "✗ 2026-09-28 10:00  fay: lend → refused (not_authorised)",
            "  expected it to be performed, found a refusal (not_authorised)",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*def runtest*")


def test_a_mistake_has_its_place(pytester: pytest.Pytester, there: Terminal) -> None:
    write(there, STORIES.replace("do: lend, by: sue", "do: lent, by: sue"))

    unknown = pytester.runpytest_inprocess(*PLUGIN)

    unknown.assert_outcomes(failed=2)
    unknown.stdout.fnmatch_lines(["workflows/key-loan.scenarios.yaml:8:14: error[[]unknown-step[]]: there is no step “lent”"])

    write(there, STORIES.replace("steps:", "stepps:", 1))

    misspelt = pytester.runpytest_inprocess(*PLUGIN)

    misspelt.assert_outcomes(errors=1)
    misspelt.stdout.fnmatch_lines(["*key-loan.scenarios.yaml:6:5: error[[]unknown-key[]]: *"])
