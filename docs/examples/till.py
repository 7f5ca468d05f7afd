"""A till that hands repaired devices over: how a program moves a case, in sixty lines and with nothing but Python.

    python till.py WX26-000001 QJ-4711 480.00 amy

Address and token come from AFTERCARE_URL and AFTERCARE_TOKEN. The receipt is the idempotency key: however often the line drops, and however
often somebody presses the button, the device is handed over once.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


class Refused(Exception):
    """Aftercare says no. What it says is meant for the person at the till."""


def call(method: str, path: str, body: object = None, **headers: str) -> tuple[dict, str]:
    """What is answered, and its ETag. Asks again while nobody knows what became of the request, under the same key."""
    for attempt in range(6):
        request = urllib.request.Request(os.environ["AFTERCARE_URL"] + "/api/v1" + path, method=method)
        request.data = json.dumps(body).encode() if body is not None else None
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        request.add_header("Authorization", "Bearer " + os.environ["AFTERCARE_TOKEN"])
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer), answer.headers["ETag"]
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503):  # everything else is an answer
                raise Refused(json.load(error)["detail"]) from None
            time.sleep(int(error.headers.get("Retry-After", 5)))
        except OSError:  # no answer: done or not, the same key gives the same outcome
            time.sleep(2**attempt)
    raise Refused("Aftercare does not answer.")


def hand_over(number: str, receipt: str, paid: str, clerk: str) -> str:
    """Hand a device over for which this was paid; the state that its case is in then. Raises Refused."""
    path = "/cases/" + urllib.parse.quote(number)
    case, etag = call("GET", path, Aftercare_Person=clerk)
    form = {"accessories_back": True, "paid": paid, "receipt": receipt}
    outcome, _ = call(
        "POST", path + "/transitions/hand_over", {"data": form},
        Aftercare_Person=clerk, If_Match=etag, Idempotency_Key="till-" + receipt,
    )  # fmt: skip
    return f"{case['number']}: {case['state']} → {outcome['state']}"


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    try:
        print(hand_over(*sys.argv[1:]))
    except Refused as refusal:
        sys.exit(str(refusal))
