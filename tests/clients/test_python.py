"""rdflib's stores, SPARQLWrapper and pandas."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas
import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, GET, JSON, POST, RDFXML, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

from tests.clients.conftest import TOKEN
from tests.web.conftest import Server

A, P, C = URIRef("urn:a"), URIRef("urn:p"), URIRef("urn:c")


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_sparql_store(endpoint: Server, method: str, form: str) -> None:
    graph = Graph(SPARQLStore(f"{endpoint.url}/sparql", method=method, returnFormat=form))
    rows = list(graph.query("SELECT ?o WHERE { <urn:c> <urn:p> ?o }"))
    assert [int(row.o) for row in rows] == [3]


def test_sparql_store_as_a_graph(endpoint: Server) -> None:
    graph = Graph(SPARQLStore(f"{endpoint.url}/sparql"))
    assert (A, P, Literal("one", lang="en")) in graph
    assert list(graph.objects(C, P)) == [Literal(3)]
    one = Graph(SPARQLStore(f"{endpoint.url}/sparql"), identifier=URIRef("urn:g:two"))
    assert len(one) == 2


def test_sparql_update_store(endpoint: Server) -> None:
    address = f"{endpoint.url}/sparql"
    store = SPARQLUpdateStore(address, address, headers={"Authorization": f"Bearer {TOKEN}"})
    graph = Dataset(store).graph(URIRef("urn:g:rdflib"))
    node = URIRef("urn:rdflib")
    graph.add((node, P, Literal('é \\ "quoted"\n')))
    graph.addN((node, P, Literal(number), graph) for number in range(50))
    assert len(graph) == 51
    assert Literal('é \\ "quoted"\n') in set(graph.objects(node, P))
    graph.remove((node, P, Literal(7)))
    assert (node, P, Literal(7)) not in graph
    graph.update("DELETE WHERE { ?s ?p ?o }")
    assert len(graph) == 0
    assert list(Graph(SPARQLStore(address)).objects(C, P)) == [Literal(3)], "the other graphs are as they were"


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_asks(endpoint: Server, method: str) -> None:
    client = SPARQLWrapper(f"{endpoint.url}/sparql")
    client.setMethod(method)
    client.setQuery("SELECT ?o WHERE { <urn:c> <urn:p> ?o }")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["results"]["bindings"][0]["o"]["value"] == "3"
    client.setReturnFormat(XML)
    assert client.queryAndConvert().getElementsByTagName("literal")[0].firstChild.data == "3"
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().split() == [b"o", b"3"]
    client.setQuery("CONSTRUCT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }")
    client.setReturnFormat(RDFXML)
    assert len(client.queryAndConvert()) == 2
    client.setReturnFormat(TURTLE)
    assert b"urn:q" in client.queryAndConvert()
    client.setQuery("NONSENSE")
    with pytest.raises(QueryBadFormed):
        client.query()


def test_sparqlwrapper_writes(endpoint: Server) -> None:
    client = SPARQLWrapper(f"{endpoint.url}/sparql")
    client.setMethod(POST)
    client.setQuery("INSERT DATA { GRAPH <urn:g:wrapper> { <urn:w> <urn:p> 1 } }")
    with pytest.raises(Unauthorized):
        client.query()
    client.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
    client.query()
    client.setQuery("ASK { GRAPH <urn:g:wrapper> { <urn:w> <urn:p> 1 } }")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["boolean"] is True


def test_pandas_reads_the_address_of_a_query(endpoint: Server) -> None:
    query = "SELECT ?s ?n { ?s <urn:number> ?n } ORDER BY ?n"
    frame = pandas.read_csv(f"{endpoint.url}/sparql?" + urlencode({"query": query, "format": "csv"}))
    assert list(frame.columns) == ["s", "n"]
    assert frame["n"].sum() == sum(range(1000))
