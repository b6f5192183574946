"""Getting ready for the first change: what it needs is read before it comes."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad

from kgtool.reasoning.engine import Engine
from kgtool.store.change import delta
from kgtool.store.layout import State
from kgtool.transactions import commits
from kgtool.transactions.building import SHAPES
from kgtool.transactions.opening import Opened
from kgtool.vocabulary import DEFAULT_SOURCE


def warm(opened: Opened, state: State, engine: Engine) -> None:
    """Read rules, shapes and the encoded graph, by looking at a change that is not made."""
    nothing = NamedNode("urn:kgtool:nothing")
    change = delta([Quad(nothing, nothing, nothing, DEFAULT_SOURCE)])
    prepared = commits.prepare(opened.store, state, engine, change)
    commits.examine(opened.store, state, prepared, opened.ontology / SHAPES)
