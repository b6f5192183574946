"""An EARL report of a run, in Turtle, as W3C collects them: <https://www.w3.org/TR/EARL10-Schema/>."""

from __future__ import annotations

from pathlib import Path

import pytest

SUBJECT = "https://w3id.org/kgtool"
HEADER = f"""@prefix earl: <http://www.w3.org/ns/earl#> .
@prefix doap: <http://usefulinc.com/ns/doap#> .

<{SUBJECT}> a doap:Project, earl:Software, earl:TestSubject ; doap:name "kgtool" .
"""
ASSERTION = """
[] a earl:Assertion ; earl:assertedBy <{subject}> ; earl:subject <{subject}> ; earl:test <{test}> ;
    earl:mode earl:automatic ;
    earl:result [ a earl:TestResult ; earl:outcome earl:{outcome} ] .
"""


class EarlReport:
    """A pytest plugin that keeps the outcome of each test whose parameter is an IRI, and writes them at the end."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = report.nodeid.partition("[")[2].removesuffix("]")
        if report.when == "call" and test.startswith("http"):
            # An entry is run in more than one way, and passes when it passes in all.
            passed = report.passed and self._outcomes.get(test) != "failed"
            self._outcomes[test] = "passed" if passed else "failed"

    def pytest_sessionfinish(self) -> None:
        assertions = (
            ASSERTION.format(subject=SUBJECT, test=test, outcome=outcome) for test, outcome in self._outcomes.items()
        )
        self._file.write_text(HEADER + "".join(assertions), encoding="utf-8")
