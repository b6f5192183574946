"""Any table by a CONSTRUCT for each row: columns, lists, what is empty, what is hostile, what a mapping may not do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kgtool.errors import InputError
from kgtool.ingest.registries.constructed import registry_of
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.mapping import RowMapping, mapped

from .reading import Read, described, written

STAFF = """CONSTRUCT { ?p a foaf:Person ; rdfs:label ?name ; foaf:age ?age }
WHERE { FILTER(BOUND(?name)) BIND(IRI(CONCAT("urn:x:", ENCODE_FOR_URI(?id))) AS ?p)
    BIND(xsd:integer(?age_in_years) AS ?age) }"""


def table(folder: Path, text: object, mapping: str = STAFF) -> Read:
    path = written(folder, text, "staff.csv" if isinstance(text, str) else "staff.json")
    return described(registry_of("table", path.name), mapped(Input(path.name, path), RowMapping(mapping)))


def test_a_row_becomes_what_the_template_says(tmp_path: Path) -> None:
    found = table(tmp_path, "id;Name;Age in years\n1;Ada;36\n2;Bo;\n")
    assert found.rows("SELECT ?s ?n ?a WHERE { ?s rdfs:label ?n OPTIONAL { ?s foaf:age ?a } }") == [
        ("urn:x:1", "Ada", "36"),
        ("urn:x:2", "Bo", ""),
    ]


def test_a_row_that_makes_nothing_is_told_with_its_line(tmp_path: Path) -> None:
    found = table(tmp_path, "id;name\n1;Ada\n2;\n3;Bo\n")
    assert [(fault.number, fault.part) for fault in found.faults] == [(3, False)]
    assert len(found.records) == 2


@pytest.mark.parametrize(
    "cell",
    ['=HYPERLINK("http://x")', "+1", "@SUM(A1)", "a\\b'c", "?x } { $y", "# no comment", "é\u202e", "<urn:a>", "%s{0}"],
)
def test_a_cell_is_a_text_and_never_a_part_of_the_query(tmp_path: Path, cell: str) -> None:
    quoted = cell.replace('"', '""')
    found = table(tmp_path, f'id;name\n1;"{quoted}"\n')
    assert found.rows("SELECT ?n WHERE { ?s rdfs:label ?n }") == [(cell.replace("\u202e", ""),)]


def test_lists_and_objects_of_json_are_columns(tmp_path: Path) -> None:
    mapping = """CONSTRUCT { ?p rdfs:label ?name ; foaf:nick ?nick ; schema:knows ?k . ?k rdfs:label ?friends_name ;
        schema:roleName ?friends_role ; schema:addressLocality ?address_city }
        WHERE { BIND(IRI(CONCAT("urn:x:", STR(?row))) AS ?p) BIND(IRI(CONCAT("urn:f:", ?friends_name)) AS ?k) }"""
    friends = [{"name": "B", "role": "x"}, {"name": "C"}]
    value = [{"name": "A", "nick": ["a1", "a2"], "friends": friends, "address": {"city": "Lille"}, "none": None}]
    found = table(tmp_path, value, mapping)
    assert found.faults == []
    assert found.rows("SELECT ?n WHERE { <urn:x:1> foaf:nick ?n }") == [("a1",), ("a2",)]
    assert found.rows("SELECT ?k ?r WHERE { ?p schema:knows ?k OPTIONAL { ?k schema:roleName ?r } }") == [
        ("urn:f:B", "x"),
        ("urn:f:C", ""),
    ]
    assert found.ask('?k schema:addressLocality "Lille"')


def test_blank_nodes_have_the_same_names_each_time(tmp_path: Path) -> None:
    mapping = "CONSTRUCT { [] rdfs:label ?name ; schema:knows [ rdfs:label ?id ] } WHERE { }"
    first, second = (table(tmp_path, "id;name\n1;Ada\n", mapping) for _ in range(2))
    assert {str(quad) for quad in first.graph} == {str(quad) for quad in second.graph}
    assert not first.ask("?s ?p ?o FILTER(isBlank(?s) || isBlank(?o))")
    assert len(first.graph) == 3


def test_lists_that_combine_in_too_many_ways_are_told(tmp_path: Path) -> None:
    found = table(tmp_path, [{"id": "1", "name": list(map(str, range(100))), "other": list(map(str, range(100)))}])
    assert [fault.part for fault in found.faults] == [False]
    assert "10,000 ways" in found.said()[0]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("SELECT ?a WHERE { }", "CONSTRUCT"),
        ("CONSTRUCT WHERE { ?a ?b ?c }", "template"),
        ("CONSTRUCT { ?a ?b ?c }", "WHERE"),
        ("CONSTRUCT { ?a ?b } WHERE { }", "mapping:1:"),
        ("# one\nCONSTRUCT { ?a\n foo:b 1 } WHERE { }", "mapping:3:2: the prefix foo: is not declared"),
        ("CONSTRUCT { ?a kg:b ?c } WHERE { BIND(IRI( AS ?x) }", "mapping:1:51: a '}' that closes nothing"),
        ("CONSTRUCT { ?a a ?b } FROM <urn:x:g> WHERE { }", "FROM"),
        ("CONSTRUCT { ?a a ?b } WHERE { SERVICE <http://127.0.0.1/> { ?a a ?b } }", "SERVICE"),
        ("", "CONSTRUCT"),
    ],
)
def test_a_mapping_that_is_none_is_refused(mapping: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        RowMapping(mapping)


def test_columns_are_called_alike_in_a_table_and_in_json(tmp_path: Path) -> None:
    mapping = "CONSTRUCT { <urn:x:1> rdfs:label ?prenom_d_usage, ?st, ?nom } WHERE { }"
    for value in ("Prénom d'usage;ST; Nom\nA;B;C\n", [{"Prénom d'usage": "A", "ST": "B", "nom": "C"}]):
        found = table(tmp_path, value, mapping)
        assert found.rows("SELECT ?l { ?s rdfs:label ?l }") == [("A",), ("B",), ("C",)]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two columns are called a_b"):
        table(tmp_path, "id;a b;A-B\n1;2;3\n")


def test_a_row_that_makes_nothing_is_told_with_what_it_binds(tmp_path: Path) -> None:
    found = table(tmp_path, [{"id": 7, "nme": "Ada"}])
    assert found.said() == ["no triple comes of this row, which binds ?row ?id ?nme"]


def test_a_column_that_is_called_row_is_a_column(tmp_path: Path) -> None:
    mapping = 'CONSTRUCT { ?p rdfs:label ?row } WHERE { BIND(IRI(CONCAT("urn:x:", ?row)) AS ?p) }'
    found = table(tmp_path, "row;x\nB7;1\n;2\n", mapping)
    assert found.rows("SELECT ?n { ?p rdfs:label ?n }") == [("B7",)]
    assert found.said() == ["no triple comes of this row, which binds ?x"]


def test_what_a_mapping_asks_for_and_no_row_has_is_known(tmp_path: Path) -> None:
    text = """CONSTRUCT { ?p rdfs:label ?name ; foaf:nick ?nmae, ?row, ?kind }
        WHERE { BIND(IRI(CONCAT("urn:x:", ?id)) AS ?p) VALUES ?kind { "a" } }"""
    mapping = RowMapping(text)
    assert mapping.unknown() == ([], [])
    path = written(tmp_path, "id;name\n1;Ada\n2;\n", "staff.csv")
    assert len(list(mapped(Input(path.name, path), mapping))) == 2
    assert mapping.unknown() == (["nmae"], ["row", "id", "name"])


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing in this file"):
        table(tmp_path, "")
