"""``/health``, ``/ready`` and ``/metrics``: whether the process lives, whether it can answer, what it counts."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kgtool.config import Settings
from kgtool.web import metrics
from kgtool.web.access import require_token
from kgtool.web.pages import json_answer
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here
from kgtool.web.store_metrics import of_store

blueprint = Blueprint("status", __name__)

#: Prometheus's text format.
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


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


@blueprint.get("/metrics")
def exposition() -> Response:
    """Give what all processes of the service count, in Prometheus's text format; no data of the graph are in it."""
    source = here()
    _require_reader(source.settings)
    response = Response(metrics.exposition(of_store(source)), content_type=METRICS_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _require_reader(settings: Settings) -> None:
    """Let those pass who may read the metrics.

    :raises HttpProblem: 404 if they are off, 401 if they need a token and there is none.
    :raises ForbiddenError: if the token is not the right one.
    """
    if settings.metrics == "off":
        raise HttpProblem(404, "the metrics are switched off", hint="whoever runs this service sets KGTOOL_METRICS")
    if settings.metrics == "on":
        return
    require_token(request, settings.metrics_token or settings.write_token, "the metrics need a token")
