"""Which suites are run, where they are, and which of their tests are known to fail."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

from .manifest import Case, read_cases

HERE = Path(__file__).resolve().parent
#: Which manifests each suite is made of, below the folder of the suites.
SUITES = {
    "query": ("sparql/sparql11/manifest-sparql11-query.ttl", "sparql/sparql11/manifest-sparql11-results.ttl"),
    "rdf": tuple(f"rdf/{name}/manifest.ttl" for name in ("rdf-n-triples", "rdf-n-quads", "rdf-turtle", "rdf-trig")),
}
QUERY_EVALUATION = ("QueryEvaluationTest", "CSVResultFormatTest")
QUERY_POSITIVE = ("PositiveSyntaxTest11",)
QUERY_NEGATIVE = ("NegativeSyntaxTest11",)
RDF_EVALUATION = ("TestTurtleEval", "TestTrigEval")
RDF_POSITIVE = tuple(f"Test{name}PositiveSyntax" for name in ("NTriples", "NQuads", "Turtle", "Trig"))
RDF_NEGATIVE = tuple(f"Test{name}NegativeSyntax" for name in ("NTriples", "NQuads", "Turtle", "Trig"))


def suites_folder() -> Path:
    """Give the folder of the W3C suites, whether it exists or not."""
    return (HERE.parent.parent / os.environ.get("KGTOOL_SHARED", "../shared")).resolve() / "w3c"


@cache
def cases_of(suite: str) -> tuple[Case, ...]:
    """Read a suite, none where it is not there.

    Tests of the same data stand together, so that it is loaded once for all; those with named graphs stand last,
    so that the others meet a store that never held more than one source.
    """
    folder = suites_folder()
    if not folder.is_dir():
        return ()
    cases = read_cases(folder, SUITES[suite])
    return tuple(sorted(cases, key=lambda case: (bool(case.named), str(case.data), str(case.named), case.iri)))


def known_failures() -> dict[str, str]:
    """Read the tests known to fail: IRI to reason."""
    reasons: dict[str, str] = tomllib.loads((HERE / "known_failures.toml").read_text(encoding="utf-8"))
    return reasons
