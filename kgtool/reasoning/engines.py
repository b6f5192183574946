"""The engines by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kgtool.errors import InputError
from kgtool.reasoning.datalog_engine import DEFAULT_MEMORY, DatalogEngine
from kgtool.reasoning.engine import Engine, NoEngine
from kgtool.reasoning.language import Rule

ENGINES: Final = ("datalog", "owlrl", "none")
DEFAULT_ENGINE: Final = "datalog"


def engine_named(
    name: str, rules: Sequence[Rule], *, folder: Path | None = None, memory: int = DEFAULT_MEMORY
) -> Engine:
    """Give an engine.

    :param name: one of :data:`ENGINES`.
    :param folder: where the engine may keep a copy of the graph of its own; None keeps none.
    :param memory: MB that a closure from scratch may take before it spills.
    :raises InputError: if there is none of that name.

    >>> engine_named("none", ()).name
    'none'
    """
    if name == "datalog":
        return DatalogEngine(rules, folder, memory)
    if name == "owlrl":
        from kgtool.reasoning.owlrl_engine import OwlrlEngine  # here, as its libraries take long to import

        return OwlrlEngine(rules)
    if name == "none":
        return NoEngine()
    raise InputError(f"no engine {name!r}", hint=f"use one of {', '.join(ENGINES)}")
