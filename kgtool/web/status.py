"""``/health`` and ``/ready``: whether the process lives, and whether it can answer."""

from __future__ import annotations

from flask import Blueprint, Response

from kgtool.web.pages import json_answer
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

blueprint = Blueprint("status", __name__)


@blueprint.get("/health")
def health() -> Response:
    """Say that the process lives."""
    return json_answer({"status": "alive"})


@blueprint.get("/ready")
def ready() -> Response:
    """Say whether the store is open and answers."""
    source = here()
    if not source.answers():
        raise HttpProblem(503, "the store does not answer", headers={"Retry-After": "5"})
    return json_answer({"status": "ready", "commit": source.commit}, source.commit)
