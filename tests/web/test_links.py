"""``/links``: the list with its evidence, and decisions with a token, kept with who, when and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgtool.graph import KnowledgeGraph
from kgtool.store.folder import StoreFolder
from tests.link.registries import HERE, REGION, ROR, make_store
from tests.web.conftest import TOKEN, Answer, Server, serving

SCRIPT = "Evil <script>alert(1)</script>"
HOSTILE = f"""<%s> a kg:University ; rdfs:label "{SCRIPT}"@en, "\\"><img src=x onerror=alert(1)>"@fr ."""
BEARER = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graphs = {"region": REGION + HOSTILE % "here/evil", "ror": ROR + HOSTILE % "ror/0000hosti"}
    made = make_store(tmp_path_factory.mktemp("links") / "store", graphs)
    with KnowledgeGraph.open(made, write=True) as graph:
        graph.link()
    return made


@pytest.fixture(scope="module")
def server(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("log") / "links.log"
    with serving(store, log, KGTOOL_QUERY_WORKERS="1", KGTOOL_WRITE_TOKEN=TOKEN) as running:
        yield running


def get(server: Server, path: str, accept: str = "application/json") -> Answer:
    return server("GET", path, headers={"Accept": accept})


def listed(server: Server, path: str = "/links?status=all") -> list[dict[str, object]]:
    answer = get(server, path)
    assert answer.status == 200, answer.body
    return list(json.loads(answer.body)["links"])


def link_of(server: Server, subject: str) -> str:
    return str(next(each["id"] for each in listed(server) if each["subject"]["id"] == HERE + subject))  # type: ignore[index]


def decide(server: Server, id: str, headers: dict[str, str] | None = None, **said: object) -> Answer:
    return server("POST", f"/links/{id}", json.dumps(said), BEARER if headers is None else headers)


def test_the_list_is_cut_into_pages_and_chosen_from(server: Server) -> None:
    everything = listed(server)
    assert len(everything) >= 4
    one_by_one = [listed(server, f"/links?limit=1&start={start}&status=all") for start in range(len(everything))]
    assert [[each] for each in everything] == one_by_one
    assert {each["kind"] for each in listed(server, "/links?kind=organisation")} == {"organisation"}
    assert listed(server, "/links?kind=person") == []
    assert {each["subject"]["label"] for each in listed(server, "/links?q=pasteur")} == {"Institut Pasteur"}  # type: ignore[index]
    assert all(each["why"] for each in everything)


@pytest.mark.parametrize("path", ["?status=x", "?start=-1", "?limit=1e9", "?start=99999999999", "?q=%ff", "?format=x"])
def test_what_is_asked_wrongly_is_an_error_that_says_so(server: Server, path: str) -> None:
    answer = get(server, f"/links{path}")
    assert answer.status in (400, 406)
    assert json.loads(answer.body)["detail"]


def test_the_page_shows_evidence_and_data_never_become_markup(server: Server) -> None:
    answer = get(server, "/links?status=all&lang=fr", "text/html")
    page = answer.body.decode()
    assert answer.status == 200
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "ROR https://ror.org/02ppyfa04 des deux côtés" in page
    assert "Accepter" in page
    english = get(server, "/links?status=all&lang=en", "text/html").body.decode()
    assert "ROR https://ror.org/02ppyfa04 in both" in english
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_a_decision_is_kept_told_and_in_the_audit_log(server: Server, store: Path) -> None:
    id = link_of(server, "chu")
    done = decide(server, id, decision="accepted", by="A. Reviewer", why="=the same site")
    assert done.status == 200, done.body
    told = json.loads(get(server, f"/links/{id}").body)
    assert (told["status"], told["predicate"], told["review"]["by"]) == ("accepted", "owl:sameAs", "A. Reviewer")
    assert json.loads(decide(server, id, decision="accepted", by="B").body)["status"] == 412
    assert decide(server, id, decision="withdrawn", by="B").status == 200
    assert [each["decision"] for each in json.loads(get(server, f"/links/{id}").body)["reviews"]] == [
        "accepted",
        "withdrawn",
    ]
    lines = [json.loads(line) for line in StoreFolder(store).audit_file.read_text().splitlines()]
    assert [(line["kind"], line["outcome"]) for line in lines[-3:]] == [
        ("review", "done"), ("review", "refused"), ("review", "done"),
    ]  # fmt: skip
    assert json.loads(lines[-3]["text"]) == {
        "link": id, "decision": "accepted", "by": "A. Reviewer", "why": "=the same site",
    }  # fmt: skip
    assert lines[-3]["graphs"] == ["urn:kgtool:source:reviews"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content-Type": "application/json"}, 401), ({**BEARER, "Authorization": "Bearer no"}, 403)],
)
def test_a_decision_needs_the_token(server: Server, headers: dict[str, str], status: int) -> None:
    assert decide(server, link_of(server, "univ"), headers, decision="accepted", by="A").status == status


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[1]", "application/json", 400),
        ('{"decision": "accepted", "by": 1}', "application/json", 400),
        ('{"decision": "accepted", "by": "A", "more": "x"}', "application/json", 400),
        ('{"decision": "maybe", "by": "A"}', "application/json", 400),
        ('{"decision": "rejected", "by": "A"}', "application/json", 400),
        ("decision=accepted&by=A&by=B", "application/x-www-form-urlencoded", 400),
        ("x", "text/plain", 415),
        ("{" + " " * 70_000 + "}", "application/json", 413),
    ],
)
def test_a_decision_that_cannot_be_read_changes_nothing(server: Server, body: str, kind: str, status: int) -> None:
    id = link_of(server, "univ")
    answer = server("POST", f"/links/{id}", body, {**BEARER, "Content-Type": kind})
    assert answer.status == status, answer.body
    assert json.loads(get(server, f"/links/{id}").body)["review"] is None


def test_a_form_decides_too_and_a_link_that_is_not_there_is_not_found(server: Server) -> None:
    form = {**BEARER, "Content-Type": "application/x-www-form-urlencoded"}
    id = link_of(server, "univ")
    assert server("POST", f"/links/{id}", "decision=rejected&by=A&why=not+it", form).status == 200
    assert server("POST", f"/links/{id}", "decision=withdrawn&by=A", form).status == 200
    assert server("POST", "/links/nothing", "decision=accepted&by=A", form).status == 404
    assert get(server, "/links/nothing").status == 404
