"""``/query``: the editor of SPARQL with its results."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("querying", __name__)
