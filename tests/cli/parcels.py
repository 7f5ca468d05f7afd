"""A process of the company with clocks that a courier moves by events; what it sends comes in past the server, through the same doors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from standardwebhooks import Webhook

from engine.app import Application
from engine.settings import Settings
from tests.runtime.parcels import AT, DOCUMENT, WAYBILL

if TYPE_CHECKING:
    from engine.runtime.inbound import Received
    from tests.cli.conftest import Terminal

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def begin(there: Terminal) -> None:
    """Publish the process, and add the service of the courier."""
    (there.folder / "workflows" / "desk-parcel.yaml").write_text(DOCUMENT, encoding="utf-8")
    there.run("publish", "workflows/desk-parcel.yaml")
    there.run("people", "add", "courier", "--name", "样例快递对接01", "--service")
    there.run("people", "assign", "courier", "integration", "--unit", "shop-1")


def send(there: Terminal) -> None:
    """A person sends a parcel; its waybill is mistyped."""
    form = {"waybill": "SF0000000010", "mobile": "12800000001"}
    there.run(
        "open", "desk-parcel", "send", "--as", "cai", *(part for name, value in form.items() for part in ("--set", f"{name}={value}"))
    )


def deliver(there: Terminal, id: str, no: str = WAYBILL, name: str = "waybill.signed", secret: str = SECRET) -> Received:
    """The courier says that a parcel was signed for."""
    with Application.open(Settings.load({}, there.folder, {})) as app:
        content, now = json.dumps({"type": name, "data": {"no": no, "at": AT}}), app.database.server_time()
        headers = {
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(id, now, content),
        }
        return app.inbound.receive("courier", app.sources.admit("courier", headers, content.encode()))
