"""How a query is evaluated: as it is put to the store, its algebra, and each of its patterns run by itself.

Oxigraph tells no plan. What makes a query slow can be seen all the same: which of its patterns have many rows, and
which take long. Everything here runs in a query worker, under its limits; rdflib's parser, which finds the patterns,
is recursive.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from typing import Literal as OneOf

from kgtool.errors import KgtoolError
from kgtool.graph import KnowledgeGraph

#: Rows up to which a pattern is counted.
ROWS: Final = 100_000
#: Patterns that are run.
_PATTERNS: Final = 50
#: Characters up to which rdflib is asked, and levels of brackets: its parser takes very long for more.
_LENGTH: Final = 20_000
_LEVELS: Final = 60
_FEDERATED: Final = "SERVICE: not run"

Part = OneOf["whole", "text", "patterns"]
#: The parts of a plan, in the order in which they are to be asked for: a text that is wrong shows at once.
PARTS: Final[tuple[Part, ...]] = ("whole", "text", "patterns")


@dataclass(frozen=True)
class PlanTask:
    """A query whose evaluation is to be explained.

    :param part: ``whole``: run the query, count rows and seconds; ``text``: what is put to the store, and its graphs;
        ``patterns``: algebra, and each pattern by itself. They are apart since each of them may run out of time.
    :param seconds: after which a run that gives rows is stopped, and counts as not complete.
    """

    text: str
    part: Part
    reasoning: bool = True
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    seconds: float = 25.0


def evaluate_plan(graph: KnowledgeGraph, task: PlanTask) -> bytes:
    """Give one part of a plan, as JSON.

    :raises QueryError: if the text is wrong, or asks for what is switched off.
    """
    return json.dumps(part_of_plan(graph, task), ensure_ascii=False).encode()


def part_of_plan(graph: KnowledgeGraph, task: PlanTask) -> dict[str, object]:
    """Give one part of a plan, as :func:`evaluate_plan` writes it; docs/observing.md says what is in it.

    :raises QueryError: if the text is wrong, or asks for what is switched off.
    """
    if task.part == "whole":
        return {"commit": graph.commit, "whole": _whole(graph, task)}
    if task.part == "text":
        return {"dataset": _dataset(graph, task)}
    return _patterns(graph, task)


def _whole(graph: KnowledgeGraph, task: PlanTask) -> dict[str, object]:
    begun = time.perf_counter()
    result = graph.query(task.text, **_dataset_of(task))
    if result.kind == "ask":
        return {"kind": "ask", "answer": result.answer, "complete": True, "seconds": _since(begun)}
    rows, complete = 0, True
    for _ in result:
        rows += 1
        if time.perf_counter() - begun > task.seconds:
            complete = False
            break
    return {"kind": result.kind, "rows": rows, "complete": complete, "seconds": _since(begun)}


def _dataset(graph: KnowledgeGraph, task: PlanTask) -> dict[str, object]:
    found = graph.rewritten(task.text, **_dataset_of(task))
    return {
        "text": found.text,
        "rewritten": found.text != task.text,
        "defaultGraphs": list(found.default),
        "namedGraphs": list(found.named),
        "merged": found.merged,
    }


def _patterns(graph: KnowledgeGraph, task: PlanTask) -> dict[str, object]:
    """Find the patterns and run them."""
    try:
        algebra = _algebra(task.text)
    except (ValueError, RecursionError) as error:
        note = str(error) if isinstance(error, ValueError) else "it is too deeply nested"
        return {"algebra": None, "patterns": None, "note": f"the patterns could not be told apart: {note}"}
    clause = graph.rewritten(task.text, **_dataset_of(task)).clause
    dataset = _dataset_of(task)
    if clause is not None:
        dataset |= {"default_graphs": clause[0], "named_graphs": clause[1]}
    begun = time.perf_counter()
    rows: list[dict[str, object]] = []
    found = list(dict.fromkeys(_found(algebra, None)))
    for pattern, name in found[:_PATTERNS]:
        if time.perf_counter() - begun > task.seconds:
            break
        rows.append(_run(graph, pattern, name, dataset))
    told: dict[str, object] = {"algebra": _written(algebra), "patterns": rows}
    if len(rows) < len(found):
        told["note"] = f"{len(found) - len(rows)} of {len(found)} patterns were not run"
    return told


def _run(graph: KnowledgeGraph, pattern: str, name: str | None, dataset: dict[str, Any]) -> dict[str, object]:
    """Count the rows of a pattern by itself, up to a limit."""
    if name == _FEDERATED:
        return {"pattern": pattern, "note": _FEDERATED}
    told: dict[str, object] = {"pattern": pattern, **({"graph": name} if name else {})}
    within = f"GRAPH {name} {{ {pattern} }}" if name else pattern
    begun = time.perf_counter()
    try:
        answer = graph.query(
            f"SELECT (COUNT(*) AS ?rows) WHERE {{ SELECT * WHERE {{ {within} }} LIMIT {ROWS} }}", **dataset
        )
        ((count,),) = answer.solutions()
    except KgtoolError as error:
        return {**told, "note": error.what}
    rows = int(getattr(count, "value", "0"))
    return {**told, "rows": rows, "complete": rows < ROWS, "seconds": _since(begun)}


def _dataset_of(task: PlanTask) -> dict[str, Any]:
    return {"reasoning": task.reasoning, "default_graphs": task.default_graphs, "named_graphs": task.named_graphs}


def _since(begun: float) -> float:
    return round(time.perf_counter() - begun, 6)


def _algebra(text: str) -> Any:
    """Give a query's algebra, as rdflib reads it.

    :raises ValueError: if rdflib does not read it, or would take too long.
    """
    if len(text) > _LENGTH or _levels(text) > _LEVELS:
        raise ValueError(f"it has more than {_LENGTH} characters or {_LEVELS} levels of brackets")
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        return translateQuery(parseQuery(text)).algebra
    except RecursionError:
        raise
    except Exception as error:  # the parser's own, or Exception itself for much of what rdflib does not know
        line = getattr(error, "lineno", None)
        told = str(error) if line is None else f"line {line}"
        raise ValueError(f"rdflib, which finds them, does not read the query: {told}") from error


def _levels(text: str) -> int:
    """Give how deep a text's brackets are nested, those in strings included.

    >>> _levels("ASK { { ?s ?p ?o } { ?s ?p (1) } }")
    3
    """
    most = level = 0
    for character in text:
        if character in "{([":
            level += 1
            most = max(most, level)
        elif character in "})]":
            level -= 1
    return most


def _found(node: Any, graph: str | None) -> Iterator[tuple[str, str | None]]:
    """Give the triple patterns and paths below a node, each with the name of the graph that it looks in."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, CompValue):
        if node.name in ("BGP", "TriplesBlock"):  # the latter in EXISTS, which rdflib translates when it evaluates
            for terms in _triples(node):
                if all(hasattr(term, "n3") for term in terms):
                    yield f"{' '.join(term.n3() for term in terms)} .", graph
            return
        if node.name == "Graph":
            graph = node.term.n3()
        elif node.name == "ServiceGraphPattern":
            yield "SERVICE", _FEDERATED
            return
        for name, value in node.items():
            if name not in ("template", "_vars"):
                yield from _found(value, graph)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _found(value, graph)


def _written(node: Any, level: int = 0) -> str:
    """Write an algebra as nested lines, one operator each."""
    from rdflib.plugins.sparql.parserutils import CompValue

    indent = "  " * level
    if isinstance(node, CompValue):
        lines = [f"{indent}({node.name}"]
        for name, value in node.items():
            if name in ("_vars", "lazy", "datasetClause") or value is None:
                continue
            if name == "triples":
                lines += [f"{indent}  {' '.join(map(_term, terms))} ." for terms in _triples(node)]
            elif _is_simple(value):
                lines.append(f"{indent}  {name}: {_written(value)}")
            else:
                lines.append(f"{indent}  {name}:\n{_written(value, level + 2)}")
        return "\n".join(lines) + ")"
    if isinstance(node, list | tuple | set | frozenset):
        values = sorted(node, key=str) if isinstance(node, set | frozenset) else node
        if all(_is_simple(value) for value in values):
            return indent + "[" + ", ".join(_written(value).strip() for value in values) + "]"
        return "\n".join(_written(value, level) for value in values)
    return indent + _term(node)


def _triples(node: Any) -> Iterator[list[Any]]:
    """Give the triples of a block, of which rdflib keeps those of one subject in one row."""
    for row in node.triples or ():
        yield from (list(row[place : place + 3]) for place in range(0, len(row), 3))


def _term(node: Any) -> str:
    return str(node.n3()) if hasattr(node, "n3") else str(node)


def _is_simple(value: Any) -> bool:
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(value, list | tuple | set | frozenset):
        return all(_is_simple(part) for part in value)
    return not isinstance(value, CompValue)
