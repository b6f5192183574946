"""Each error of the tree as RFC 9457 has it."""

from __future__ import annotations

import inspect
import json

import pytest
from flask import Flask

from kgtool import errors
from kgtool.errors import KgtoolError, Location, ParseError, RefusedError, StoreLockedError
from kgtool.validate import Finding, Report
from kgtool.web import problems

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, KgtoolError)]


def answer_to(error: Exception) -> tuple[int, dict, dict]:
    app = Flask(__name__)
    problems.register(app)

    @app.get("/")
    def fail() -> str:
        raise error

    answer = app.test_client().get("/")
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer.status_code, json.loads(answer.data), dict(answer.headers)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_error_keeps_its_status_and_words(kind: type[KgtoolError]) -> None:
    status, problem, headers = answer_to(kind("the fact", hint="the advice"))
    assert status == problem["status"] == kind.http_status
    assert (problem["title"], problem["detail"], problem["hint"]) == (kind.title, "the fact", "the advice")
    assert ("Retry-After" in headers) == (status == 503)


def test_the_place_is_told() -> None:
    _, problem, _ = answer_to(ParseError("no", where=Location("body", 3, 14)))
    assert (problem["where"], problem["line"], problem["column"]) == ("body:3:14", 3, 14)
    _, bare, _ = answer_to(ParseError("no"))
    assert not {"where", "line", "column", "hint"} & bare.keys()


def test_refused_data_come_with_the_report() -> None:
    finding = Finding(
        severity="violation", focus=None, path=None, value=None, message={"en": "wrong"}, shape=None, rule=None
    )
    status, problem, _ = answer_to(RefusedError("refused", report=Report((finding,))))
    assert status == 422
    assert "wrong" in json.dumps(problem["report"])


def test_what_nobody_foresaw_hides_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    status, problem, _ = answer_to(ZeroDivisionError("secret inside"))
    assert status == 500
    assert "secret" not in json.dumps(problem)
    assert "secret inside" in caplog.text


def test_errors_travel_between_processes() -> None:
    import pickle

    error = StoreLockedError("in use", where=Location("lock", 1), hint="wait")
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), back.where, back.hint) == (StoreLockedError, str(error), error.where, "wait")
