"""``/sources``: what the graph is made of, exports, and files to check and to add."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext

from kgtool.errors import InputError
from kgtool.export import FORMATS as EXPORTED
from kgtool.ingest.formats import FORMATS, extensions_of_path, format_name, format_of_name, format_of_path
from kgtool.ingest.sources import graph_of_iri, graph_of_name
from kgtool.web import bodies, caching, pages
from kgtool.web.check_answers import CheckTask
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here
from kgtool.web.views import View, seen
from kgtool.web.workbench.described import MOST, described_sources

blueprint = Blueprint("sources", __name__)

#: How people call formats.
_CALLED: Final = {
    "turtle": "Turtle", "trig": "TriG", "ntriples": "N-Triples", "nquads": "N-Quads", "jsonld": "JSON-LD",
    "rdfxml": "RDF/XML",
}  # fmt: skip
#: What an export holds.
_ONLY: Final = (
    ("asserted", lazy_gettext("Asserted"), lazy_gettext("what the sources say, and nothing else")),
    ("inferred", lazy_gettext("Inferred"), lazy_gettext("what follows from it by the rules, and no source says")),
    ("all", lazy_gettext("Everything"), lazy_gettext("both, each triple once")),
)
_LONGEST_NAME: Final = 300


@blueprint.get("/sources")
def sources() -> Response:
    """Show what the graph is made of, what can be had of it, and let people check a file."""
    source = here()
    language = pages.language(request)
    may_write = bool(source.settings.write_token) and not source.settings.read_only
    tag = caching.entity_tag(source.commit, "sources", language, request.args.get("lang"), may_write)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    sizes, described, loads, totals = seen(
        source,
        [
            View("sources-sizes", most=MOST),
            View("sources-described", most=20 * MOST),
            View("sources-loads", most=5 * MOST),
            View("sources-totals"),
        ],
        language,
    )
    listed = described_sources(sizes, described, loads, language)
    response = pages.page(
        "sources.html",
        language,
        data=[each for each in listed if not each.is_ontology],
        ontology=[each for each in listed if each.is_ontology],
        more=sizes.more,
        queries={"sizes": sizes.query, "described": described.query, "loads": loads.query, "totals": totals.query},
        totals={row["what"].text: int(row["triples"].text) for row in totals.by_name()},
        formats=[(name, _CALLED[name]) for name in EXPORTED],
        read=[(name, _CALLED[name]) for name in FORMATS],
        only=_ONLY,
        may_write=may_write,
        max_body=source.settings.max_body,
        address_of_service=url_for("starting.start", _external=True),
    )
    return caching.tagged(response, tag, vary=pages.VARY)


@blueprint.post("/sources/check")
def check() -> Response:
    """Say what a file would bring and what is wrong with it, by line; nothing is changed.

    The body is the file; ``name`` is what it is called. ``format``, ``graph`` and ``replace`` are as ``load`` has them.
    """
    source = here()
    parameters = Parameters.of_request(request)
    name = (parameters.one("name") or "").replace("\\", "/").rpartition("/")[2].strip()[:_LONGEST_NAME] or "file"
    format = _format(parameters.one("format"), name)
    graph = graph_of_iri(parameters.one("graph") or graph_of_name(name).value)
    replace = parameters.choice("replace", ("yes", "no"), "yes") == "yes"
    language = pages.language(request, parameters)
    timeout = parameters.seconds("timeout", source.settings.query_timeout)
    limit = source.settings.max_body * 2**20
    with bodies.folder() as folder:
        file = folder / "file"
        if not bodies.saved(request, limit, file):
            raise HttpProblem(400, "the file is empty", hint="send the file as the body of the request")
        compression = extensions_of_path(name)[1]
        task = CheckTask(file, name, format, compression, graph.value, replace, limit, language)
        answer = source.run(task, timeout=timeout)
        try:
            body = b"".join(answer)
        finally:
            answer.close()
    response = Response(body, content_type="application/json")
    response.set_etag(answer.head.commit, weak=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def _format(given: str | None, name: str) -> str:
    """Give the format of a file: the one given, else the one that its name, or the body's type, says.

    :raises InputError: if nothing tells it.
    """
    if given:
        return format_name(format_of_name(given))
    try:
        return format_name(format_of_path(name))
    except InputError:
        if "/" in request.mimetype and request.mimetype not in ("application/octet-stream", "text/plain"):
            return format_name(format_of_name(request.mimetype))
        raise
