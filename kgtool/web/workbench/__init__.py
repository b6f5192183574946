"""The workbench: the pages with which people look, ask and look after the graph. Each room has its own module.

Every number that a page shows comes from a view (``ontology/views/``, :mod:`kgtool.web.views`), whose query it links
to.
"""

from kgtool.web.workbench import browsing, exploring, querying, sharing, sources, starting, vocabulary

BLUEPRINTS = (
    starting.blueprint,
    querying.blueprint,
    sharing.blueprint,
    vocabulary.blueprint,
    exploring.blueprint,
    browsing.blueprint,
    sources.blueprint,
)

__all__ = ["BLUEPRINTS"]
