"""Where the demonstration plays: its folder, its settings, and the command line run in it. Safe to repeat: it begins anew."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from engine.label import Label, Language
from engine.runtime.founding import found_database
from engine.settings import SHIPPED, Settings

FOLDER = Path(".demo")
ZONE = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(2026, 9, 30, 9, 0, tzinfo=ZONE)
"""The last working day before the National Day week."""


class Stage:
    """One performance."""

    def __init__(self, console: Console, language: Language, folder: Path = FOLDER) -> None:
        self.console = console
        self.language = language
        self.folder = folder
        self.settings = Settings(f"sqlite:///{(folder / 'aftercare.db').resolve()}", language, ZONE, (), ())

    def prepare(self, *, simulated: bool = True, now: datetime = BEGINS) -> None:
        """An empty database and a fresh copy of the sheet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in (*self.folder.glob("aftercare.db*"), *self.folder.glob("*.csv")):
            old.unlink()
        (self.folder / "intake.csv").write_bytes((SHIPPED / "workflows" / "examples" / "intake.csv").read_bytes())
        found_database(self.settings.database, simulated=simulated, now=now, principal="os:demo")

    @property
    def environment(self) -> dict[str, str]:
        """What a command is told that plays here; a database of the user's own is not meant."""
        own = {"AFTERCARE_DATABASE": self.settings.database, "AFTERCARE_LANGUAGE": self.language, "AFTERCARE_ZONE": ZONE.key}
        return {**os.environ, **own, "PYTHONPATH": str(SHIPPED)}

    def heading(self, title: Label) -> None:
        """The title of a part."""
        self.console.print(f"\n[bold]{title.within(self.language)}[/bold]\n", soft_wrap=True)

    def note(self, text: Label) -> None:
        """A sentence between."""
        self.console.print(f"\n{text.within(self.language)}", soft_wrap=True)

    def run(self, *arguments: str) -> None:
        """One command as a user would type it, and what it answers. A refusal (exit 1) is part of the story; more is not."""
        self.console.print("[dim]$[/dim] aftercare " + " ".join(arguments), soft_wrap=True)
        done = subprocess.run([sys.executable, "-m", "cli", *arguments], cwd=self.folder, env=self.environment, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(done.returncode)
