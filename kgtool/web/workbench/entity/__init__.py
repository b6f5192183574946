"""``/page/…``: what the graph says of a thing, for people: one module for each subject of the page.

What belongs together is said by the views ``ontology/views/entity-*.rq``; the modules here only arrange their rows.
"""

from kgtool.web.workbench.entity.page import show

__all__ = ["show"]
