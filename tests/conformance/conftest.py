"""Turning manifests into tests: one for each entry, known failures marked, and an EARL report on demand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kgtool.errors import KgtoolError
from kgtool.graph import KnowledgeGraph

from .adapter import Adapter
from .earl import EarlReport
from .suites import cases_of, known_failures


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take ``--earl FILE`` where this folder is named on the command line."""
    parser.addoption("--earl", type=Path, metavar="FILE", help="write an EARL report of the W3C tests")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker that says which entries of a suite a test is for, and the report."""
    config.addinivalue_line(
        "markers", "suite(name, kinds, only=None): run for each entry of these kinds in a W3C suite"
    )
    if file := config.getoption("--earl", None):
        config.pluginmanager.register(EarlReport(file))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for ``case`` the entries that its ``suite`` marker names."""
    if "case" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("suite")
    assert marker is not None, "a test that asks for `case` needs the marker `suite`"
    suite, kinds = marker.args
    only = marker.kwargs.get("only", lambda case: True)
    reasons = known_failures()
    parameters = []
    for case in cases_of(suite):
        if case.kind in kinds and only(case):
            reason = reasons.get(case.iri)
            fails = pytest.mark.xfail(reason=reason or "", strict=True, raises=(AssertionError, KgtoolError))
            parameters.append(pytest.param(case, id=case.iri, marks=[fails] if reason else []))
    metafunc.parametrize("case", parameters or [pytest.param(None, id="no suites")])


@pytest.fixture(scope="module")
def adapter(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adapter]:
    """Give one store without ontology and without inference, for all the tests of a module."""
    assert (shared / "w3c").is_dir(), f"no W3C suites in {shared}"
    folder = tmp_path_factory.mktemp("conformance") / "store"
    with KnowledgeGraph.open(folder, write=True, create=True, engine="none") as graph:
        yield Adapter(graph)
