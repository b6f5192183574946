"""``/reconcile`` and ``/search`` as HTTP: bodies, headers, framing, JSONP, and what is never done for a client."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

LILLE = "https://w3id.org/kgtool/id/hauts-de-france/institution/chu-de-lille"
BATCH = json.dumps({"q": {"query": "CHU de Lille"}})


def test_the_preview_may_be_framed_and_nothing_else(service: FlaskClient) -> None:
    page = service.get("/reconcile/preview", query_string={"id": LILLE})
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers.getlist("Content-Security-Policy") == [policy]
    assert "CHU de Lille" in page.text
    assert "<script" not in page.text
    again = service.get(
        "/reconcile/preview", query_string={"id": LILLE}, headers={"If-None-Match": page.headers["ETag"]}
    )
    assert (again.status_code, again.headers["Content-Security-Policy"]) == (304, policy)
    for path in ("/reconcile", "/", "/reconcile/preview?id=urn:nothing"):
        assert "frame-ancestors 'none'" in service.get(path).headers["Content-Security-Policy"]


def test_an_id_that_is_not_there_leads_nowhere(service: FlaskClient) -> None:
    assert service.get("/reconcile/view", query_string={"id": LILLE}).headers["Location"].endswith("chu-de-lille")
    for id in ("https://evil.example/", "javascript:alert(1)", "no iri", "urn:x}", "//evil.example"):
        answer = service.get("/reconcile/view", query_string={"id": id})
        assert (answer.status_code, answer.headers.get("Location")) == (404, None)
        assert service.get("/reconcile/preview", query_string={"id": id}).status_code == 404
    for route in ("view", "preview", "flyout/entity"):
        assert service.get(f"/reconcile/{route}").status_code == 400


def test_any_page_may_ask(service: FlaskClient) -> None:
    answer = service.get("/reconcile", query_string={"queries": BATCH}, headers={"Origin": "http://127.0.0.1:3333"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    asked = {"Origin": "http://a.example", "Access-Control-Request-Method": "POST"}
    allowed = service.options("/reconcile/match", headers=asked).headers
    assert "POST" in allowed["Access-Control-Allow-Methods"]
    assert "Content-Type" in allowed["Access-Control-Allow-Headers"]


def test_a_callback_is_the_name_of_a_function_or_nothing(service: FlaskClient) -> None:
    plain = service.get("/reconcile", query_string={"queries": BATCH})
    called = service.get("/reconcile", query_string={"queries": BATCH, "callback": "jQuery1.cb_2"})
    assert called.headers["Content-Type"].startswith("text/javascript")
    assert called.headers["X-Content-Type-Options"] == "nosniff"
    assert called.text == f"/**/jQuery1.cb_2({plain.text});"
    for name in ("alert(1)//", "a b", "", "<script>", "a" * 200, "é"):
        assert service.get("/reconcile", query_string={"queries": BATCH, "callback": name}).status_code == 400
    assert service.post("/reconcile", data={"queries": BATCH, "callback": "cb"}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("POST", "/reconcile", {"data": "<a/>", "content_type": "text/xml"}, 415),
        ("POST", "/reconcile/match", {"data": "{}", "content_type": "text/plain"}, 415),
        ("POST", "/reconcile/match", {"data": b"\xff", "content_type": "application/json"}, 400),
        ("POST", "/reconcile", {"data": "a=b", "content_type": "application/x-www-form-urlencoded"}, 400),
        ("POST", "/reconcile", {"data": {"queries": BATCH, "extend": "{}"}}, 400),
        ("GET", "/reconcile?query=Lille", {}, 400),
        ("GET", "/reconcile/match", {}, 405),
        ("GET", "/reconcile?queries=%ff", {}, 400),
        ("GET", "/reconcile?lang=de", {}, 400),
        ("PUT", "/reconcile", {}, 405),
        ("GET", "/reconcile/nothing", {}, 404),
        ("GET", "/search", {}, 400),
        ("GET", "/search?q=a&limit=0", {}, 400),
    ],
)
def test_what_is_wrong_is_a_problem(service: FlaskClient, method: str, path: str, more: dict, status: int) -> None:
    answer = service.open(path, method=method, **more)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["detail"]


def test_answers_say_their_commit_and_are_not_sent_twice(service: FlaskClient) -> None:
    for path in ("/reconcile", "/reconcile/suggest/entity?prefix=li", "/search?q=lille", f"/reconcile?queries={BATCH}"):
        answer = service.get(path)
        again = service.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        other = service.get(path, headers={"If-None-Match": answer.headers["ETag"], "Accept-Language": "fr"})
        assert other.status_code == 200
    posted = service.post("/reconcile", data={"queries": BATCH})
    assert posted.headers["ETag"].split(".")[0] == answer.headers["ETag"].split(".")[0]


def test_things_are_found_by_name(service: FlaskClient) -> None:
    found = service.get("/search?q=chu+de+lil&limit=3").json
    assert found["query"] == "chu de lil"
    assert found["results"][0]["iri"] == LILLE
    assert found["results"][0]["address"].endswith("/id/hauts-de-france/institution/chu-de-lille")
    assert len(found["results"]) <= 3
