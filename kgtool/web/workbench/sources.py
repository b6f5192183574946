"""``/sources``: what the graph is made of, exports, and files to check and to add."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("sources", __name__)
