"""``/explore/terms``: the classes and properties of the graph, with their counts."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("browsing", __name__)
