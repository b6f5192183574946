"""The engines by name."""

from __future__ import annotations

from collections.abc import Sequence

from kgtool.errors import InputError
from kgtool.reasoning.engine import Engine, NoEngine
from kgtool.reasoning.owlrl_engine import OwlrlEngine
from kgtool.reasoning.rules import Rule

ENGINES = ("owlrl", "none")
DEFAULT_ENGINE = "owlrl"


def engine_named(name: str, rules: Sequence[Rule]) -> Engine:
    """Give an engine.

    :param name: one of :data:`ENGINES`.
    :raises InputError: if there is none of that name.

    >>> engine_named("none", ()).name
    'none'
    """
    if name == "owlrl":
        return OwlrlEngine(rules)
    if name == "none":
        return NoEngine()
    raise InputError(f"no engine {name!r}", hint=f"use one of {', '.join(ENGINES)}")
