"""The Flask application: its routes, each kind in a module of its own, on one graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from kgtool.config import Settings
from kgtool.web import (
    asking,
    bundles,
    compressing,
    describing,
    draining,
    explaining,
    exporting,
    forgetting,
    graphs,
    linked_data,
    links,
    localising,
    observing,
    ontology,
    origins,
    planning,
    problems,
    reconcile,
    searching,
    sparql,
    status,
)
from kgtool.web.access_log import AccessLog
from kgtool.web.addresses import address
from kgtool.web.short_way import ShortWay, letting_go
from kgtool.web.source import GraphSource, attach
from kgtool.web.workbench import BLUEPRINTS


class _Application(Flask):
    """An application whose functions are all plain ones."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function as it is, where Flask would look each time whether it is a coroutine."""
        return func

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Let browsers keep what npm built, which has another name when it changes."""
        return bundles.KEPT if filename and bundles.is_built(filename) else super().get_send_file_max_age(filename)


def create_app(graph_source: GraphSource, settings: Settings) -> Flask:
    """Make the application.

    :param graph_source: the open graph; whoever opened it closes it.
    :param settings: the limits of requests.
    """
    app = _Application(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body * 2**20
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body * 2**20
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["address"] = lambda iri: _linked(iri, settings.base)
    localising.register(app)
    bundles.register(app)
    attach(app, graph_source)
    problems.register(app)
    draining.register(app)
    compressing.register(app)
    origins.register(app)
    writing = (sparql, graphs, links, forgetting)
    reading = (linked_data, ontology, exporting, explaining, asking, describing, planning, status)
    for module in (*writing, *reading, reconcile, searching):
        app.register_blueprint(module.blueprint)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    observed = observing.register(app, settings)
    graph_source.observed_by(observed.slow_queries)
    short, long = ShortWay(graph_source, observed).answer, letting_go(app.wsgi_app)
    app.wsgi_app = AccessLog(long, short, observed.access, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def _linked(iri: str, base: str) -> str | None:
    """Give the address that a page links to for an IRI, in the language that the page was asked for in."""
    found = address(iri, base)
    return localising.in_language(found) if found else None
