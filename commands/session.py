"""One run of the program: the options of the root, the settings they lead to, the application, and who is at the keyboard."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from commands.speech import tr
from engine.errors import Misuse
from engine.label import Label
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.app import Application
    from engine.runtime.caller import Caller, Key
    from engine.store.record import Door
    from roles.scope import Identity


@dataclass
class Session:
    """What all commands of one run share. Nothing is read before it is asked for."""

    options: Mapping[str, str] = field(default_factory=dict)
    """Settings given on the command line, by key."""
    at: str | None = None
    """Where the clock of a simulated database is to be moved, as typed."""

    @cached_property
    def settings(self) -> Settings:
        """The settings of the working directory."""
        return self.settings_of(Path.cwd())

    def settings_of(self, directory: Path) -> Settings:
        """The settings of another folder."""
        return Settings.load(os.environ, directory, self.options)

    def instant(self, settings: Settings) -> datetime | None:
        """The instant of `--at`; without an offset it is in the zone of the settings. Raises Misuse."""
        return _instant(self.at, settings) if self.at is not None else None

    @contextmanager
    def application(self) -> Iterator[Application]:
        """The application, open; says on stderr when its time is simulated."""
        from commands.terminal import remark
        from engine.app import Application

        with Application.open(self.settings, self.instant(self.settings)) as application:
            if application.is_simulated:
                now = application.time.now().astimezone(self.settings.zone)
                remark(
                    tr("模拟数据库，时间停在 {now:%Y-%m-%d %H:%M}", "Simulated database; its time stands at {now:%Y-%m-%d %H:%M}", now=now)
                )
            yield application

    @property
    def principal(self) -> str:
        """Who is at the keyboard: the user of the operating system."""
        try:
            return f"os:{getpass.getuser()}"
        except (OSError, KeyError):  # a user without a name, as in some containers
            return f"os:{os.getuid()}"

    def caller(self, person: str | None, door: Door = "cli") -> Caller:
        """Who is calling, on whose behalf."""
        from engine.runtime.caller import Caller
        from engine.store.record import Provenance

        return Caller(Provenance(door, self.principal), person)

    def identity(self, person: str | None) -> Identity | None:
        """As whom somebody looks, if anybody is named."""
        from roles.scope import Identity

        return Identity(person) if person is not None else None

    def key(self, value: str | None) -> Key | None:
        """An idempotency key of this user, if one was given."""
        from engine.runtime.caller import Key

        return Key(f"cli:{self.principal}", value) if value is not None else None


def _instant(text: str, settings: Settings) -> datetime:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Misuse(
            Label("--at 应为日期和时间，实际为“{text}”。", "Expected --at to be a date and time, found “{text}”.").fill(text=text),
            Label("例如 2026-09-01T09:00。", "For example 2026-09-01T09:00."),
        ) from error
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=settings.zone)
