"""``/ask/NAME?format=sparql``: a question as a query with its values in it, for the editor and for programs."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.questions.sample import ATTACKS, LAB
from tests.web.conftest import Server
from tests.web.test_asking import PEOPLE, STAFF, Page, ask


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
