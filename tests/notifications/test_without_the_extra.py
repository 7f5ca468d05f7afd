"""Without the packages of the extra everything else works, and a message that should be posted waits and says why."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from engine.settings import SHIPPED

pytestmark = pytest.mark.reliability

PROGRAM = """
import sys
import engine.app
from notifications.channels.wecom import WeCom
from notifications.channels.webhook import Webhook
from notifications.endpoint import Endpoint
from notifications.message import Message, Recipient, Text
from notifications.outbound import Outbound

assert "httpx2" not in sys.modules
for channel in (Webhook(Outbound()), WeCom(Outbound())):
    address = Endpoint("leads", channel.name, "https://hooks.example.com/", ("whsec_c2VjcmV0",))
    result = channel.send(Message("m-1", Text("a", "b")), Recipient("leads", "leads", None, False, address))
    print(type(result).__name__, result.why.en)
"""


@pytest.fixture
def lean(tmp_path: Path) -> Path:
    """What is installed here, without the packages of the extra."""
    for folder in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for each in Path(folder).iterdir():
            if not each.name.startswith(("httpx2", "httpcore2", "standardwebhooks")) and each.suffix != ".pth":
                (tmp_path / each.name).symlink_to(each)
    return tmp_path


def test_a_message_waits_and_says_what_is_missing(lean: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SHIPPED), str(lean)])}
    run = subprocess.run([sys.executable, "-S", "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=60)
    missing = "Deferred The packages for posting messages are missing: install aftercare[channels]"
    assert (run.stdout.splitlines(), run.stderr) == ([missing] * 2, "")
