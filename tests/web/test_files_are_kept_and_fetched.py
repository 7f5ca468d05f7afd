"""A file is kept, named by a wish, and fetched by whoever sees the case – as a download that no browser takes for a page."""

from __future__ import annotations

from hashlib import sha256

from tests.web.counter import Counter, problem

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PAGE = b"<script>alert(1)</script>"


def kept(counter: Counter, content: bytes) -> str:
    answer = counter.ask("POST", "/files", content=content)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def test_what_was_kept_is_fetched_byte_for_byte(counter: Counter) -> None:
    assert counter.ask("POST", "/files", content=PNG).json() == {"id": sha256(PNG).hexdigest(), "size": 72, "media": "image/png"}
    number = counter.lend(photos=[{"id": kept(counter, PNG), "name": "屏幕.png"}])
    answer = counter.ask("GET", f"/cases/{number}/files/photos", "rui")
    assert answer.content == PNG
    headers = {name: answer.headers[name] for name in ("content-type", "content-disposition", "x-content-type-options", "cache-control")}
    assert headers == {
        "content-type": "image/png",
        "content-disposition": "attachment; filename*=UTF-8''%E5%B1%8F%E5%B9%95.png",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }


def test_a_page_is_a_text_to_be_saved(counter: Counter) -> None:
    number = counter.lend(photos=[{"id": kept(counter, PAGE), "name": 'a"\r\nX: y.html'.replace("\r\n", " ")}])
    answer = counter.ask("GET", f"/cases/{number}/files/photos")
    assert (answer.headers["content-type"], answer.headers["content-disposition"][:11]) == ("text/plain", "attachment;")


def test_of_several_one_is_named(counter: Counter) -> None:
    ids = [kept(counter, PNG), kept(counter, PAGE)]
    number = counter.lend(photos=ids)
    assert problem(counter.ask("GET", f"/cases/{number}/files/photos"), 400, "misuse")
    assert [counter.ask("GET", f"/cases/{number}/files/photos?id={each}").content for each in ids] == [PNG, PAGE]
    problem(counter.ask("GET", f"/cases/{number}/files/photos?id={'0' * 64}"), 404, "unknown")


def test_what_cannot_be_kept_or_attached_is_refused(counter: Counter) -> None:
    problem(counter.ask("POST", "/files", content=b""), 400, "misuse")
    problem(counter.ask("POST", "/files", None, content=PNG), 401, "unauthenticated")
    problem(counter.ask("POST", "/files", content=PNG, headers={"Content-Type": "Multipart/form-data; boundary=x"}), 400, "misuse")
    archive = kept(counter, b"PK\x03\x04" + bytes(8))
    for photos in ([archive], ["0" * 64], "nothing"):
        answer = counter.post("/cases", {"workflow": "desk-loan", "start": "lend", "data": {"photos": photos}})
        problem(answer, 422, "data_invalid")


def test_files_of_a_case_that_is_not_seen_are_not_found(counter: Counter) -> None:
    number = counter.lend(photos=[kept(counter, PNG)])
    problem(counter.ask("GET", f"/cases/{number}/files/photos", "cui"), 404, "unknown")
    problem(counter.ask("GET", f"/cases/{number}/files/note"), 404, "unknown")
