"""rdflib-endpoint on a file, for uvicorn to run."""

from __future__ import annotations

import os

from rdflib import Graph
from rdflib_endpoint import SparqlEndpoint

app = SparqlEndpoint(graph=Graph().parse(os.environ["BENCH_TRIPLES"], format="nt"), path="/")
