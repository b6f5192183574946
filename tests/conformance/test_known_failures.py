"""The suites are run whole, and the list of known failures says only what is so."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from . import suites
from .suites import cases_of, known_failures

RUN = {
    "query": {*suites.QUERY_EVALUATION, *suites.QUERY_POSITIVE, *suites.QUERY_NEGATIVE},
    "rdf": {*suites.RDF_EVALUATION, *suites.RDF_POSITIVE, *suites.RDF_NEGATIVE},
}


@pytest.mark.shared
def test_every_known_failure_is_a_test_of_the_suites(shared: Path) -> None:
    there = {case.iri for suite in suites.SUITES for case in cases_of(suite)}
    assert set(known_failures()) - there == set()


@pytest.mark.shared
@pytest.mark.parametrize("suite", suites.SUITES)
def test_every_kind_of_test_is_run(suite: str, shared: Path) -> None:
    assert {case.kind for case in cases_of(suite)} == RUN[suite]


@pytest.mark.shared
@pytest.mark.parametrize("suite", suites.SUITES)
def test_no_two_tests_share_an_iri(suite: str, shared: Path) -> None:
    assert [iri for iri, times in Counter(case.iri for case in cases_of(suite)).items() if times > 1] == []


def test_every_known_failure_has_its_reason() -> None:
    assert [iri for iri, reason in known_failures().items() if not reason.endswith(".")] == []
