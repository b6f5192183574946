"""What a rule computes from a solution of its atoms: binds and conditions, evaluated by Oxigraph as SPARQL means them.

Solutions go in and values come out through one query for many, whose VALUES number them; terms travel through a custom
function, so that blank nodes stay themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple

from kgtool.reasoning.language import Bind, Call, Expression, Term, Var
from kgtool.reasoning.language.expressions import WHEN, refuse_long_name, sparql_text, variables_of
from kgtool.reasoning.language.functions import CUSTOM_FUNCTIONS
from kgtool.reasoning.matching.solve import Binding

_GIVEN: Final = NamedNode("urn:kgtool:function:given")
_ROW: Final = "kgtool_row"
_NOTHING: Final = Store()
_DIRECT: Final = {name.value: function for name, function in CUSTOM_FUNCTIONS.items() if name.value != WHEN}


def computed(
    solutions: Sequence[Binding], binds: Sequence[Bind], conditions: Sequence[Expression]
) -> list[Binding | None]:
    """Extend solutions by what is bound; those that a condition does not let pass become None.

    :raises LimitError: if one of the values is an IRI of unlikely length.

    >>> from kgtool.reasoning.language import Call
    >>> date = Bind(Var("text"), Call("CONCAT", (Call("STR", (Var("year"),)), Literal("-01"))))
    >>> late = Call(">", (Var("year"), Literal(2020)))
    >>> found = computed([{Var("year"): Literal(2019)}, {Var("year"): Literal(2021)}], [date], [late])
    >>> [solution and solution[Var("text")].value for solution in found]
    [None, '2021-01']
    """
    if not binds and not conditions:
        return list(solutions)
    if not solutions:
        return []
    if not conditions and all(_is_direct(bind.value) for bind in binds):
        return [solution | _called(solution, binds) for solution in solutions]
    query = _query(tuple(binds), tuple(conditions))
    given = [dict(solution) for solution in solutions]

    def look_up(row: Literal, name: Literal) -> Term | None:
        return given[int(row.value)].get(Var(name.value))

    text = query.replace("@ROWS@", " ".join(map(str, range(len(given)))))
    functions: dict[NamedNode, Callable[..., Term | Triple | None]] = {_GIVEN: look_up, **CUSTOM_FUNCTIONS}
    results = _NOTHING.query(text, default_graph=[DefaultGraph()], custom_functions=functions)
    found: list[Binding | None] = [None] * len(given)
    if isinstance(results, QuerySolutions):
        for row in results:
            number = int(row[0].value)
            values = {bind.variable: row[place + 1] for place, bind in enumerate(binds)}
            refuse_long_name(max((len(v.value) for v in values.values() if isinstance(v, NamedNode)), default=0))
            found[number] = given[number] | {name: value for name, value in values.items() if value is not None}
    return found


def _is_direct(value: Expression) -> bool:
    """Tell whether an expression is a variable, or a function of kgtool's own of variables: Oxigraph need not say."""
    if isinstance(value, Call):
        return value.function in _DIRECT and all(isinstance(each, Var) for each in value.arguments)
    return isinstance(value, Var)


def _called(solution: Binding, binds: Sequence[Bind]) -> Binding:
    found: Binding = {}
    for bind in binds:
        arguments = bind.value.arguments if isinstance(bind.value, Call) else (bind.value,)
        terms = [found.get(name, solution.get(name)) for name in arguments]  # type: ignore[arg-type]
        if None not in terms:
            value = _DIRECT[bind.value.function](*terms) if isinstance(bind.value, Call) else terms[0]
            if value is not None:
                found[bind.variable] = value
    return found


@lru_cache(maxsize=256)
def _query(binds: tuple[Bind, ...], conditions: tuple[Expression, ...]) -> str:
    bound = [bind.variable for bind in binds]
    looked_at: Mapping[Var, None] = dict.fromkeys(
        variable
        for expression in (*(bind.value for bind in binds), *conditions)
        for variable in sorted(variables_of(expression))
        if variable not in bound
    )
    parts = [f"VALUES ?{_ROW} {{ @ROWS@ }}"]
    parts += [f'BIND({_GIVEN}(?{_ROW}, "{variable}") AS ?{variable})' for variable in looked_at]
    parts += [f"BIND({sparql_text(bind.value)} AS ?{bind.variable})" for bind in binds]
    parts += [f"FILTER({sparql_text(condition)})" for condition in conditions]
    names = " ".join(f"?{variable}" for variable in (_ROW, *bound))
    return f"SELECT {names} WHERE {{ {' '.join(parts)} }}"
