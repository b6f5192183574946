"""``/explore``: an overview of the region on a day."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("exploring", __name__)
