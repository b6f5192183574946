"""``/sparql/plan``: how a query is evaluated, for whoever has the token; see :mod:`kgtool.web.plans`."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, request

from kgtool.errors import ForbiddenError, LimitError
from kgtool.web import pages
from kgtool.web.access import require_token
from kgtool.web.access_log import set_kind
from kgtool.web.parameters import Parameters
from kgtool.web.plans import PARTS, Part, PlanTask
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here
from kgtool.web.sparql import read

blueprint = Blueprint("planning", __name__)

#: Of the time allowed, the part after which a run that gives rows is stopped by itself.
_OF_THE_TIME: Final = 0.8


@blueprint.route("/sparql/plan", methods=["GET", "POST"])
def plan() -> Response:
    """Say how a query is evaluated, as JSON; a query comes as to ``/sparql``.

    Each part runs in a worker under the time limit of queries; one that hits a limit says so in its place.
    """
    source = here()
    set_kind(request, "explain")
    if not source.settings.write_token:
        raise ForbiddenError(
            "this service tells no plans", hint="whoever runs it sets KGTOOL_WRITE_TOKEN; or use kgtool query --plan"
        )
    require_token(request, source.settings.write_token, "a plan needs a token")
    asked = read(request)
    if asked.query is None:
        raise HttpProblem(400, "the request holds no query", hint="send query=")
    told: dict[str, object] = {"query": asked.query}
    timeout = asked.parameters.seconds("timeout", source.settings.query_timeout)
    for part in PARTS:
        told |= _part(asked.query, asked.parameters, part, timeout)
    response = pages.json_answer(told, str(told.get("commit", source.commit)))
    response.headers["Cache-Control"] = "no-store"
    return response


def _part(text: str, parameters: Parameters, part: Part, timeout: float) -> dict[str, object]:
    task = PlanTask(
        text=text,
        part=part,
        reasoning=parameters.choice("reasoning", ("on", "off"), "on") == "on",
        default_graphs=parameters.all("default-graph-uri"),
        named_graphs=parameters.all("named-graph-uri"),
        seconds=timeout * _OF_THE_TIME,
    )
    try:
        answer = here().run(task, timeout=timeout)
        try:
            return dict(json.loads(b"".join(answer)))
        finally:
            answer.close()
    except LimitError as error:
        return {part: {"outcome": error.title, "note": error.what}}
