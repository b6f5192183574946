"""``/q``: short addresses of queries that somebody shares."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("sharing", __name__)
