"""Sources and events from the command line: added, rotated, disabled; listed, shown, replayed, dropped – and no secret is ever shown."""

from __future__ import annotations

import pytest

from engine.errors import Forbidden, Unauthenticated
from tests.cli import parcels
from tests.cli.conftest import Terminal

NUMBER = "DP26-0001"


@pytest.fixture
def there(desk: Terminal) -> Terminal:
    parcels.begin(desk)
    parcels.send(desk)
    return desk


def add(there: Terminal, *more: str, name: str = "courier") -> str:
    return there.run("sources", "add", name, "--service", "courier", *more).stdout


def test_a_source_is_added_rotated_disabled_and_enabled(there: Terminal) -> None:
    made = add(there).partition("Secret (shown only now): ")[2].strip()
    assert parcels.deliver(there, "e-1", secret=made).event.status == "quarantined"
    new = there.run("sources", "rotate", "courier").stdout.partition("Secret (shown only now): ")[2].strip()
    assert parcels.deliver(there, "e-2", secret=made).event.status == "quarantined"
    assert parcels.deliver(there, "e-3", secret=new).event.status == "quarantined"

    (known,) = there.json("sources")["sources"]
    assert (known["service"], known["scheme"], known["id"], known["is_rotating"]) == (
        "courier",
        {"kind": "standard"},
        "header:webhook-id",
        True,
    )
    assert "both secrets" in there.run("sources").stdout
    assert made not in there.run("sources").stdout + there.run("sources", "list", "--json").stdout
    assert "disabled" in there.run("sources", "disable", "courier").stdout
    assert "already" in there.run("sources", "disable", "courier").stdout
    with pytest.raises(Forbidden):
        parcels.deliver(there, "e-4", secret=new)
    assert "enabled" in there.run("sources", "enable", "courier").stdout
    assert "not disabled" in there.run("sources", "enable", "courier").stdout
    with pytest.raises(Unauthenticated):
        parcels.deliver(there, "e-4", secret=parcels.SECRET)


def test_a_source_that_cannot_be_is_refused_with_a_way_out(there: Terminal) -> None:
    add(there, "--secret", parcels.SECRET)
    declared = ("--scheme", "hmac", "--header", "X-Signature", "--id", "header:X-Id", "--name", "key:event")
    for more, said in (
        (("--scheme", "hmac"), "hmac takes --header, --id and --name"),
        (("--secret", "short"), "Expected the secret to be whsec_"),
        ((*declared, "--secret", "short"), "16 to 256 visible characters"),
        ((*declared, "--header", "X Y"), "Expected the name of a header"),
        ((*declared, "--signed", "{stamp}.{body}"), "no other placeholder"),
        ((*declared, "--timestamp", "X-Time"), "declared together"),
        ((*declared, "--signed", "{timestamp}.{body}"), "declared together"),
        (("--id", "body:x"), "Expected header:NAME or key:NAME"),
    ):
        result = there.run("sources", "add", "other", "--service", "courier", *more, code=2)
        assert said in result.stderr, (more, result.stderr)
        assert "short" not in result.stderr
    assert "lower-case letters" in there.run("sources", "add", "Other", "--service", "courier", code=2).stderr
    assert "is no service" in there.run("sources", "add", "other", "--service", "cai", code=2).stderr
    assert "There is no person" in there.run("sources", "add", "other", "--service", "nobody", code=1).stderr
    assert "already" in there.run("sources", "add", "courier", "--service", "courier", code=1).stderr
    assert "Did you mean “courier”" in there.run("sources", "rotate", "couriers", code=1).stderr

    add(there, *declared, "--signed", "{timestamp}.{body}", "--timestamp", "X-Time", "--tolerance", "60", "--data", "event", name="lockers")
    assert there.json("sources")["sources"][1]["scheme"] == {
        "kind": "hmac",
        "header": "X-Signature",
        "algorithm": "sha256",
        "encoding": "hex",
        "prefix": "",
        "signed": "{timestamp}.{body}",
        "timestamp": "X-Time",
        "tolerance": 60,
    }
    assert "HMAC-SHA256 X-Signature" in there.run("sources").stdout


def test_what_waits_is_shown_replayed_and_dropped(there: Terminal) -> None:
    add(there, "--secret", parcels.SECRET)
    assert "There are no events." in there.run("events").stdout
    for id in ("e-1", "e-2"):
        parcels.deliver(there, id)
    parcels.deliver(there, "e-3", name="waybill.lost")

    assert [each["id"] for each in there.json("events", "--name", "waybill.signed")["events"]] == ["e-2", "e-1"]
    assert there.json("events", "--status", "accepted")["events"] == []
    assert there.json("events", "show", "courier", "e-1")["payload"]["no"] == "SF0000000001"
    again = there.run("events", "replay", "courier", "e-1", code=1)
    assert "e-1 is still in quarantine: “waybill.signed” means no open case" in again.stderr

    there.run("correct", NUMBER, "--as", "cai", "--reason", "运单号写错", "--set", "waybill=SF0000000001")
    replayed = there.json("events", "replay", "courier", "--name", "waybill.signed", code=1)["events"]
    assert [(each["id"], each["status"], each["case"]) for each in replayed] == [("e-1", "accepted", NUMBER), ("e-2", "quarantined", None)]
    assert "courier e-2 is dropped" in there.run("events", "drop", "courier", "e-2", "--reason", "重复通知").stdout
    assert "not in quarantine" in there.run("events", "drop", "courier", "e-2", "--reason", "重复通知", code=1).stderr
    assert "重复通知" in there.run("events", lang="zh").stdout
    assert "Expected a reason" in there.run("events", "drop", "courier", "e-3", "--reason", " ", code=2).stderr
    assert "no process knows the event" in there.run("events", "replay", code=1).stderr
    assert "has sent no event" in there.run("events", "show", "courier", "e-9", code=1).stderr
    assert "There is no source" in there.run("events", "--source", "nobody", code=1).stderr
    assert "There is no such event" in there.run("events", "replay", "courier", "--name", "x").stdout
