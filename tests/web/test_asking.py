"""``/ask``: questions with a name over HTTP, as data and as pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ID_BASE
from tests.questions.sample import ATTACKS, LAB, QUESTIONS, write_folder
from tests.web.conftest import Answer, Server

STAFF = {"place": LAB, "day": "2012-06-30"}
PEOPLE = [f"{ID_BASE}sample/ada", f"{ID_BASE}sample/ben"]
HTML = {"Accept": "text/html"}


def ask(server: Server, name: str, values: dict[str, str] | None = None, method: str = "GET", **headers: str) -> Answer:
    fields = {key.replace("_", "-"): value for key, value in headers.items()}
    return server(method, f"/ask/{name}?{urlencode(values or {})}", headers=fields)


class Page(HTMLParser):
    """The fields, links, texts and cells of a page."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.fields: dict[str, dict[str, str]] = {}
        self.options: list[str] = []
        self.chosen: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self._in_cell = False
        self.feed(body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("input", "select"):
            self.fields[given["name"]] = {"tag": tag, **given}
        elif tag == "option":
            self.options.append(given["value"])
            self.chosen += [given["value"]] if "selected" in given else []
        elif tag == "a":
            self.links.append(given["href"].partition("#")[0])
        elif tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")
        # Scripts come from the server's own files, or are data: nothing from the graph can become one.
        assert tag != "script" or given.get("type") == "application/json" or given["src"].startswith("/static/built/")
        assert not any(name.startswith("on") or name == "style" for name in given)
        self._in_cell = tag == "td" or (self._in_cell and tag in ("a", "span"))

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_cell:
            self.rows[-1][-1] += data


def test_the_list_is_json_or_a_page(sample: Server) -> None:
    answer = sample("GET", "/ask")
    assert (answer.status, answer["Content-Type"]) == (200, "application/json")
    questions = json.loads(answer.body)["questions"]
    assert [question["name"] for question in questions] == sorted(QUESTIONS)
    assert questions[-1]["address"] == f"{sample.url}/ask/staff"
    assert questions[-1]["parameters"][1]["default"] == "today"
    again = sample("GET", "/ask", headers={"If-None-Match": answer["ETag"]})
    assert (again.status, again.body) == (304, b"")
    for language, title in (("fr", "Qui est quelque part un jour ?"), ("en", "Who is somewhere on a day?")):
        page = sample("GET", "/ask", headers={**HTML, "Accept-Language": language})
        assert f'<html lang="{language}">' in page.body.decode()
        assert title in Page(page.body).text
        assert "/ask/staff" in Page(page.body).links
        asked = sample("GET", f"/ask?lang={language}", headers=HTML)
        assert f"/ask/staff?lang={language}" in Page(asked.body).links
    assert sample("GET", "/ask?format=pdf").status == 406


@pytest.mark.parametrize(
    ("format", "accept", "media_type"),
    [
        ("json", "application/sparql-results+json", "application/sparql-results+json"),
        ("json", "application/json", "application/json"),
        ("json", "*/*", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("tsv", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_each_format_of_results_has_the_columns_of_the_question(
    sample: Server, format: str, accept: str, media_type: str
) -> None:
    negotiated = ask(sample, "staff", STAFF, Accept=accept)
    assert (negotiated.status, negotiated["Content-Type"]) == (200, media_type)
    assert negotiated["Vary"] == "Accept"
    named = ask(sample, "staff", {**STAFF, "format": format})
    assert named.body == negotiated.body
    formats = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}
    solutions = parse_query_results(negotiated.body, formats[format])
    assert isinstance(solutions, QuerySolutions)
    assert [variable.value for variable in solutions.variables] == ["person", "age"]
    assert [row["person"].value for row in solutions] == PEOPLE  # type: ignore[union-attr]


def test_csv_is_what_a_spreadsheet_reads(sample: Server) -> None:
    answer = ask(sample, "staff", {**STAFF, "format": "text/csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.body.decode() == f"person,age\r\n{PEOPLE[0]},old\r\n{PEOPLE[1]},young\r\n"


def test_head_is_get_without_a_body(sample: Server) -> None:
    for headers in ({}, HTML):
        for path in ("/ask", f"/ask/staff?{urlencode(STAFF)}", "/ask/staff?lang=fr", "/.well-known/void"):
            get, head = sample("GET", path, headers=headers), sample("HEAD", path, headers=headers)
            assert (head.status, head.body) == (get.status, b"")
            assert [head[name] for name in ("Content-Type", "ETag", "Content-Length")] == [
                get[name] for name in ("Content-Type", "ETag", "Content-Length")
            ]


@pytest.mark.parametrize(
    ("name", "values", "status", "parts"),
    [
        ("stafff", STAFF, 404, ["stafff", "did you mean staff?"]),
        ("..%2Fstaff", STAFF, 404, []),
        ("%FF", STAFF, 404, []),
        ("staff", {}, 400, ["needs the parameter place", "place (iri): The place"]),
        ("staff", {"place": ""}, 400, ["needs the parameter place"]),
        ("staff", {"plce": LAB}, 400, ["plce", "did you mean place?"]),
        ("staff", {**STAFF, "reasoning": "off"}, 400, ["reasoning", "it takes place, day, age"]),
        ("staff", {**STAFF, "day": "2024-02-31"}, 400, ["2024-02-31", "YYYY-MM-DD"]),
        ("staff", {**STAFF, "day": "0000-12-31"}, 400, ["0000-12-31"]),
        ("staff", {**STAFF, "day": "soon"}, 400, ["soon"]),
        ("staff", {**STAFF, "age": "odl"}, 400, ["did you mean old?", "old, young"]),
        ("staff", {**STAFF, "place": "Laboratry"}, 400, ["Laboratry", "did you mean Laboratory?"]),
        ("staff", {**STAFF, "timeout": "-1"}, 400, ["timeout=-1"]),
        ("staff", {**STAFF, "lang": "de"}, 400, ["lang=de"]),
        ("staff", {**STAFF, "format": "turtle"}, 406, ["turtle", "json, xml, csv, tsv, html"]),
        ("endless", {"timeout": "0.2"}, 504, []),
    ],
)
def test_what_is_wrong_is_a_problem_that_helps(
    sample: Server, name: str, values: dict[str, str], status: int, parts: list[str]
) -> None:
    for accept in ("*/*", "application/sparql-results+json"):
        answer = ask(sample, name, values, Accept=accept)
        assert (answer.status, answer["Content-Type"]) == (status, "application/problem+json")
        told = json.loads(answer.body)
        assert all(part in f"{told['detail']} {told.get('hint')}" for part in parts), told


def test_a_page_tells_what_is_wrong_too(sample: Server) -> None:
    for values in ({**STAFF, "day": "2024-02-31"}, {"plce": LAB}, {**STAFF, "plce": LAB}):
        answer = ask(sample, "staff", values, Accept="text/html")
        assert (answer.status, answer["Content-Type"]) == (400, "application/problem+json")


def test_odd_requests_are_refused(sample: Server) -> None:
    assert sample("GET", f"/ask/staff?place={LAB}&place={LAB}").status == 400
    assert sample("GET", "/ask/staff?place=%FF").status == 400
    assert sample("GET", "/ask/staff?place=%00").status == 400
    assert sample("POST", "/ask/staff", f"place={LAB}").status == 405
    assert ask(sample, "staff", STAFF, Accept="image/png").status == 406


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_value_is_data_whatever_it_looks_like(sample: Server, attack: str) -> None:
    answer = ask(sample, "echo", {"said": attack, "format": "json"})
    assert [row["value"]["value"] for row in json.loads(answer.body)["results"]["bindings"]] == [attack]
    page = ask(sample, "echo", {"said": attack}, Accept="text/html")
    assert page.status == 200
    shown = Page(page.body)  # which holds that there are no scripts
    assert shown.rows[-1] == [attack]
    assert shown.fields["said"]["value"] == attack


def test_a_page_without_what_it_needs_asks_for_it(sample: Server) -> None:
    answer = ask(sample, "staff", {"age": "young"}, Accept="text/html,*/*;q=0.1", Accept_Language="en")
    assert (answer.status, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = Page(answer.body)
    assert page.rows == []
    assert page.fields["place"]["type"] == "text"
    assert page.fields["place"]["placeholder"] == "Type a name"
    assert "required" in page.fields["place"]
    assert page.fields["day"]["type"] == "date"
    assert page.fields["day"]["value"] == date.today().isoformat()
    assert page.fields["age"]["tag"] == "select"
    assert (page.options, page.chosen) == (["", "old", "young"], ["young"])
    for part in ("Who is somewhere on a day?", "The people, and since when.", "The place", "SELECT DISTINCT ?person"):
        assert part in page.text
    (example,) = [link for link in page.links if link.startswith("/ask/staff?")]
    assert Page(sample("GET", example, headers=HTML).body).rows[1:] == [["Ada", "old"]]
    assert ask(sample, "sizes", {}, Accept="text/html").status == 200
    assert Page(ask(sample, "sizes", {}, Accept="text/html").body).fields["since"]["type"] == "number"


@pytest.mark.parametrize(
    ("language", "parts", "lab"), [("fr", ["Réponse", "obligatoire"], "Laboratoire"), ("en", ["Answer"], "Laboratory")]
)
def test_a_page_shows_the_answer_with_the_names_of_things(
    sample: Server, language: str, parts: list[str], lab: str
) -> None:
    answer = ask(sample, "staff", {**STAFF, "lang": language}, Accept="text/html")
    assert answer["Vary"].startswith("Accept, Accept-Language")
    page = Page(answer.body)
    assert page.rows == [[], ["Ada", "old"], ["<b>Ben</b>", "young"]]
    assert {f"/id/sample/ada?lang={language}", f"/id/sample/ben?lang={language}"} <= set(page.links)
    assert all(part in page.text for part in parts)
    assert page.fields["place"]["value"] == LAB
    assert page.fields["day"]["value"] == "2012-06-30"
    sizes = Page(ask(sample, "sizes", {"lang": language}, Accept="text/html").body)
    assert [lab, "2"] in sizes.rows


def test_a_page_leads_to_the_formats_and_to_the_other_language(sample: Server) -> None:
    path = f"/ask/staff?{urlencode({**STAFF, 'age': 'young', 'lang': 'fr'})}"
    page = Page(sample("GET", path, headers=HTML).body)
    formats = [link for link in page.links if link.startswith("/ask/staff?")]
    assert len(formats) == 4
    for link in formats:
        answer = sample("GET", link)
        assert answer.status == 200
        assert PEOPLE[1] in answer.body.decode()
        assert PEOPLE[0] not in answer.body.decode()
    (other,) = [link for link in page.links if link.startswith("?")]
    english = sample("GET", urljoin(path, other), headers=HTML)
    assert '<html lang="en">' in english.body.decode()
    assert Page(english.body).rows == page.rows


def test_an_answer_that_the_client_has_is_not_sent_again(sample: Server) -> None:
    first = ask(sample, "staff", STAFF)
    commit = json.loads(sample("GET", "/ready").body)["commit"]
    assert first["ETag"].startswith(f'W/"{commit}.')
    again = ask(sample, "staff", STAFF, If_None_Match=first["ETag"])
    assert (again.status, again.body) == (304, b"")
    for other in ({"day": "2013-01-01"}, {"age": "old"}, {"format": "csv"}):
        assert ask(sample, "staff", {**STAFF, **other}, If_None_Match=first["ETag"]).status == 200
    assert ask(sample, "staff", STAFF, If_None_Match=first["ETag"], Accept="text/html").status == 200


def test_a_worker_that_ran_out_of_time_is_replaced(sample: Server) -> None:
    assert ask(sample, "endless", {"timeout": "0.2"}, Accept="text/html").status == 504
    assert ask(sample, "staff", STAFF).status == 200


def test_an_answer_sees_what_was_written_before_it(tmp_path: Path, serve: Callable) -> None:
    KnowledgeGraph.build(tmp_path / "store", [write_folder(tmp_path / "folder")])
    with serve(tmp_path / "store", KGTOOL_WRITE_TOKEN="token") as server:
        before = ask(server, "sizes")
        insert = (
            f"PREFIX : <https://example.org/> INSERT DATA {{ <urn:x:new> :who <urn:x:eve> ; :at <{LAB}> ; "
            ':since "2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date> }'
        )
        sent = {"Content-Type": "application/sparql-update", "Authorization": "Bearer token"}
        assert server("POST", "/sparql", insert, sent).status == 200
        after = ask(server, "sizes", If_None_Match=before["ETag"])
        assert after.status == 200
        rows = json.loads(after.body)["results"]["bindings"]
        assert [row["people"]["value"] for row in rows] == ["3", "1"]


def test_a_graph_without_questions_has_an_empty_list(small: Server) -> None:
    assert json.loads(small("GET", "/ask").body) == {"questions": []}
    assert "no questions" in Page(small("GET", "/ask", headers={**HTML, "Accept-Language": "en"}).body).text
    assert small("GET", "/ask/staff").status == 404


def test_the_start_page_leads_to_the_questions(sample: Server) -> None:
    page = sample("GET", "/?lang=en").body.decode()
    for name in QUESTIONS:
        assert f'<a href="/ask/{name}?lang=en">' in page


def test_a_list_is_narrowed_by_words_without_accents(sample: Server) -> None:
    asked = sample("GET", "/ask?q=NOMBRE%20annee")
    assert [question["name"] for question in json.loads(asked.body)["questions"]] == []
    asked = sample("GET", "/ask?q=ANNEE")
    assert [question["name"] for question in json.loads(asked.body)["questions"]] == ["sizes"]
    page = sample("GET", "/ask?q=somewhere&lang=en", headers=HTML).body.decode()
    assert page.count('<li class="card"') == len(QUESTIONS)
    assert page.count('<li class="card" data-name="staff">') == 1
    assert "1 question<" in page


def test_a_question_is_written_out_as_a_query_that_stands_alone(sample: Server) -> None:
    answer = ask(sample, "staff", {**STAFF, "age": "old", "format": "sparql"})
    assert (answer.status, answer["Content-Type"]) == (200, "application/sparql-query")
    text = answer.body.decode()
    assert f"?stay :at <{LAB}>" in text
    rows = json.loads(sample.query(text).body)["results"]["bindings"]
    assert [row["person"]["value"] for row in rows] == PEOPLE[:1]
    negotiated = ask(sample, "staff", {**STAFF, "age": "old"}, Accept="application/sparql-query")
    assert negotiated.body == answer.body
    again = ask(sample, "staff", {**STAFF, "age": "old", "format": "sparql"}, If_None_Match=answer["ETag"])
    assert again.status == 304


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_value_stays_data_in_a_query_that_is_written_out(sample: Server, attack: str) -> None:
    text = ask(sample, "echo", {"said": attack, "format": "sparql"}).body.decode()
    rows = json.loads(sample.query(text).body)["results"]["bindings"]
    assert [row["value"]["value"] for row in rows] == [attack]


def test_a_page_leads_to_the_editor_with_its_query(sample: Server) -> None:
    page = Page(ask(sample, "staff", {**STAFF, "lang": "fr"}, Accept="text/html").body)
    (link,) = [link for link in page.links if link.startswith("/query?query=")]
    sent = parse_qs(urlsplit(link).query)
    assert sent["lang"] == ["fr"]
    assert sent["query"][0] == ask(sample, "staff", {**STAFF, "format": "sparql"}).body.decode()
