"""The workers in the foreground: sweeper and relay beat until a signal stops them, and each thing of note is said once."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from commands import terminal
from commands.display.incident import show_open
from commands.display.work import relayed_sentence, show_held, swept_sentence
from commands.speech import language, say, speak, tr
from engine.app import Application
from engine.errors import AftercareError, Misuse
from engine.label import Label
from engine.runtime.crew import Crew
from engine.runtime.pulse import Pulse
from engine.runtime.relay import Relayed
from engine.runtime.stopping import asked_to_stop
from engine.runtime.sweeper import Swept
from engine.runtime.trouble import Trouble
from engine.runtime.watch import Watched


def work(application: Application, every: float) -> None:
    """Work until SIGINT or SIGTERM. Raises Misuse on simulated time, which never passes by itself."""
    if application.is_simulated:
        raise Misuse(
            Label("这个数据库使用模拟时间，时间停着不走，没有什么可等。", "This database runs on simulated time, which stands still."),
            Label(
                "请用“aftercare --at 时刻 sweep”，再用“aftercare deliver”。",
                "Use “aftercare --at INSTANT sweep” and then “aftercare deliver”.",
            ),
        )
    crew = Crew(application.sweeper, application.relay, application.watch, _Voice(application), every)
    with asked_to_stop(crew.stop):
        terminal.remark(tr("开始工作，每 {n} 秒一次；Ctrl+C 停止。", "At work, every {n} s; Ctrl+C stops.", n=f"{every:g}"))
        crew.work()
    terminal.show(tr("已停止；手上的工作都已做完。", "Stopped; what was begun is done."))


class _Voice:
    """Says what the workers did and what keeps them from it, each only when it is news. Called by several threads."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._language = language()
        self._lock = Lock()
        self._error: Label | None = None
        self._well: set[str] = set()
        """Who has worked since the last error."""
        self._held_since: datetime | None = None
        self._troubles: dict[str, frozenset[tuple[str, Label]]] = {}
        self._open = 0
        """How many incidents were open when last looked at."""

    def swept(self, swept: Swept) -> None:
        """The sweeper has worked."""
        with self._speaking():
            self._works("sweeper", swept.pulse)
            if swept.cases or swept.extended or swept.errands:
                self._line(swept_sentence(swept))
            self._stumbles("sweeper", swept.troubles)

    def relayed(self, relayed: Relayed) -> None:
        """The relay has worked."""
        with self._speaking():
            self._works("relay", relayed.pulse)
            if not relayed.is_idle:
                self._line(relayed_sentence(relayed))
            self._stumbles("relay", relayed.troubles)

    def watched(self, watched: Watched) -> None:
        """The watch has looked."""
        with self._speaking():
            if watched.open > self._open:
                show_open(watched.open)
            self._open = watched.open
            self._stumbles("watch", watched.troubles)

    def failed(self, error: AftercareError) -> None:
        """One of them could not work at all."""
        with self._speaking():
            self._well.clear()
            if error.sentence != self._error:
                self._error = error.sentence
                terminal.remark(say(error.sentence), tr("  继续重试。", "  Trying on."))

    def _stumbles(self, who: str, troubles: Sequence[Trouble]) -> None:
        now = frozenset((each.number, each.why) for each in troubles)
        for number, why in sorted(now - self._troubles.get(who, frozenset()), key=lambda each: each[0]):
            terminal.remark(f"{number}: {say(why)}")
        self._troubles[who] = now

    def _works(self, who: str, pulse: Pulse) -> None:
        self._well.add(who)
        if self._error is not None and len(self._well) == 2:
            self._error = None
            terminal.remark(tr("恢复正常。", "Working again."))
        if pulse.held_since != self._held_since:
            self._held_since = pulse.held_since
            if pulse.is_held:
                show_held(pulse, self._application.settings.zone)
            else:
                terminal.remark(tr("时钟可信，提醒和通知继续。", "The clock is trusted: reminders and messages go on."))

    def _line(self, sentence: str) -> None:
        at = datetime.now(self._application.settings.zone)
        terminal.show(f"{at:%Y-%m-%d %H:%M:%S}  {sentence}")
        sys.stdout.flush()

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        with self._lock:
            speak(self._language)  # a thread begins without the language of the run
            yield
