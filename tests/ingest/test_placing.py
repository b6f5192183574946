"""The lines of a file that speak of a node, in every format, however it is written."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat

from kgtool.ingest.placing import Places

BASE = "https://example.org/data/a.ttl"
NODE, PATH = "https://example.org/data/eve", "https://schema.org/startDate"
TURTLE = f"""PREFIX ex: <https://example.org/data/>
PREFIX schema: <https://schema.org/>
ex:everyone schema:knows ex:eve .
%s a schema:Person ;
  schema:name "Eve" ;
  schema:startDate "2020" .
<{NODE}-2> schema:startDate "2021" .
"""
JSON = """{"@context": {"schema": "https://schema.org/"}, "@graph": [
{"@id": "https://example.org/data/eve-2"},
{"@id": "https://example.org/data/eve",
 "schema:startDate": "2020"}]}
"""
XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:schema="https://schema.org/">
<rdf:Description rdf:about="https://example.org/data/eve">
<schema:startDate>2020</schema:startDate>
</rdf:Description></rdf:RDF>
"""


@pytest.mark.parametrize("written", ["ex:eve", f"<{NODE}>", "<eve>"])
def test_a_node_is_found_where_something_is_said_of_it(written: str) -> None:
    places = Places(TURTLE % written, RdfFormat.TURTLE, BASE)
    assert places.line_of(NODE) == 4
    assert places.line_of(NODE, PATH) == places.line_of(NODE, PATH, "2020") == 6
    assert places.line_of(NODE, "https://schema.org/none") == 4
    assert places.line_of("https://example.org/data/ev") is None


def test_a_node_that_is_only_named_is_found_there() -> None:
    assert Places("<urn:a> <urn:p> <urn:b> .\n", RdfFormat.N_TRIPLES).line_of("urn:b") == 1


@pytest.mark.parametrize(
    ("text", "format", "line", "of_path"), [(JSON, RdfFormat.JSON_LD, 3, 4), (XML, RdfFormat.RDF_XML, 2, 3)]
)
def test_other_formats_are_searched_too(text: str, format: RdfFormat, line: int, of_path: int) -> None:
    places = Places(text, format)
    assert places.line_of(NODE) == line
    assert places.line_of(NODE, PATH, "2020") == of_path


def test_lines_are_shown_cut() -> None:
    assert Places("a\r\n" + "b" * 1000 + "\nc", RdfFormat.TURTLE).excerpt(2, width=10) == [
        (1, "a"),
        (2, "b" * 10),
        (3, "c"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "\0", "<" * 1000, "@prefix : <> ."])
def test_odd_texts_hold_nothing(text: str) -> None:
    assert Places(text, RdfFormat.TURTLE).line_of(NODE, PATH, "x") is None
