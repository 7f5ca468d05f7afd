"""Work done in a process of its own, which may die over it."""

from __future__ import annotations

import json
import os
import signal
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Child:
    """A process at work."""

    pid: int
    _answer: int

    @classmethod
    def at(cls, work: Callable[[], Mapping[str, object] | None]) -> Child:
        """Begin `work` in a copy of this process, which ends with it."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                os.close(reading)
                answer = work()
                os.write(writing, json.dumps(answer).encode())
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        os.close(writing)
        return cls(pid, reading)

    def ended(self) -> dict[str, float]:
        """What the work answered, when it has come to its end."""
        answer, was_killed = self._wait()
        assert not was_killed, "killed"
        return dict(json.loads(answer) or {})

    def survived(self) -> bool:
        """Whether it came to its end; False when it was killed."""
        return not self._wait()[1]

    def kill(self) -> None:
        """Let it die now."""
        os.kill(self.pid, signal.SIGKILL)

    def _wait(self) -> tuple[bytes, bool]:
        answer = b""
        while more := os.read(self._answer, 65_536):
            answer += more
        os.close(self._answer)
        _, status = os.waitpid(self.pid, 0)
        was_killed = os.WIFSIGNALED(status)
        assert was_killed or os.WEXITSTATUS(status) == 0, "the work failed; what went wrong is printed above"
        return answer, was_killed
