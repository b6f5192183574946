"""pySHACL's shapes, which keep what pySHACL would work out anew for each node that they are applied to.

Three things are kept, none of which changes a finding: which constraint components apply to a shape; which terms
conform to a shape that looks at nothing but the term itself, as a date's does; and the text of a component's query.
Such a query is asked once for all nodes, and pySHACL runs it for each value of those for which it found something.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import rdflib
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from pyshacl.constraints.sparql.sparql_based_constraint_components import SelectConstraintValidator
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib.namespace import SH

from kgtool.validate.conditions import Condition, condition_of
from kgtool.validate.view import DataGraph

#: Constraints that look at a term alone, with their parameters.
_OF_A_TERM = {SH.datatype, SH.nodeKind, SH.pattern, SH.flags, SH.languageIn, SH["in"], SH.minLength, SH.maxLength}
_LISTS_OF_SHAPES = {SH["or"], SH["and"], SH.xone}
_PARAMETERS = {*ALL_CONSTRAINT_PARAMETERS, SH.expression}
_MANY_TERMS = 4096
#: Stands for any node where a query's text is wanted, which is the same for all.
_ANY = rdflib.URIRef("urn:kgtool:any")
#: For more nodes, asking a condition beforehand takes longer than what it saves.
_FEW_NODES = 4


class CompiledGraph(ShapesGraph):
    """A shapes graph that does not change any more."""

    def predicate_objects(self, s: rdflib.term.Node) -> Iterable[tuple[Any, Any]]:
        """Give the parameters of a shape: pySHACL looks for them in a long list, one predicate after the other."""
        return [pair for pair in self.graph.predicate_objects(s) if pair[0] in _PARAMETERS]

    def _build_node_shape_cache(self) -> None:
        super()._build_node_shape_cache()
        for node, shape in self._node_shape_cache.items():
            path = shape.path()
            self._node_shape_cache[node] = CompiledShape(self, node, path is not None, path, self.logger)
            self._node_shape_cache[node].set_advanced(True)


class CompiledShape(Shape):
    """A shape that remembers."""

    __slots__ = ("_components", "_conforming", "_of_a_term")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._components: list[Component] | None = None
        self._of_a_term: bool | None = None
        self._conforming: set[rdflib.term.Identifier] = set()

    def find_custom_constraints(self) -> list[Component]:
        """Give the constraint components that apply."""
        if self._components is None:
            self._components = [Component(each) for each in super().find_custom_constraints()]
        return self._components

    def validate(
        self, executor: Any, target_graph: Any, focus: Any = None, _evaluation_path: list[Any] | None = None
    ) -> tuple[bool, list[Any]]:
        """Validate nodes, or one; what is known to conform is not looked at again."""
        term = isinstance(focus, rdflib.term.Identifier)
        if term and focus in self._conforming:
            return True, []
        conforms, results = super().validate(executor, target_graph, focus, _evaluation_path)
        if term and conforms and not results and self.looks_at_term_alone():
            if len(self._conforming) == _MANY_TERMS:
                self._conforming.clear()
            self._conforming.add(focus)
        return conforms, results

    def looks_at_term_alone(self) -> bool:
        """Tell whether it depends on nothing but the term whether a term conforms."""
        if self._of_a_term is None:
            self._of_a_term = False  # for a shape that refers to itself
            self._of_a_term = (
                not self.is_property_shape
                and not self.find_custom_constraints()
                and all(
                    parameter in _OF_A_TERM or self._lists_such(parameter, value)
                    for parameter, value in self.sg.predicate_objects(self.node)
                )
            )
        return self._of_a_term

    def _lists_such(self, parameter: rdflib.term.Node, value: rdflib.term.Node) -> bool:
        if parameter not in _LISTS_OF_SHAPES:
            return False
        shapes = [self.get_other_shape(member) for member in self.sg.graph.items(value)]
        return all(shape is not None and shape.looks_at_term_alone() for shape in shapes)


class Component:
    """A constraint component that applies to a shape."""

    def __init__(self, component: Any) -> None:
        self.component = component
        self._validator: Validator | None = None

    def make_validator_for_shape(self, shape: Shape) -> Validator:
        """Give the validator, made when first needed."""
        if self._validator is None:
            self._validator = Validator(self.component.make_validator_for_shape(shape))
        return self._validator


class Validator:
    """A constraint component's validator on a shape.

    :param bound: pySHACL's.
    """

    def __init__(self, bound: Any) -> None:
        self.bound = bound
        self._selects = isinstance(getattr(bound, "validator", None), SelectConstraintValidator)
        self._asked: tuple[str, Mapping[str, Any]] | None = None

    def evaluate(
        self, executor: Any, target_graph: Any, focus_value_nodes: Mapping[Any, Any], path: list[Any]
    ) -> tuple[bool, list[Any]]:
        """Validate the values of nodes, those of which the query finds something."""
        asked = {focus: values for focus, values in focus_value_nodes.items() if values}
        if asked and self._selects and isinstance(target_graph, DataGraph):
            query = self._query(asked)
            if self._condition is not None and not target_graph.whole and len(asked) <= _FEW_NODES:
                may = target_graph.nodes_where(self._condition, query[1], asked)
                asked = {focus: values for focus, values in asked.items() if focus in may}
            found = target_graph.nodes_with_solutions(*query, asked) if asked else None
            asked = {focus: values for focus, values in asked.items() if found is None or focus in found}
        return self.bound.evaluate(executor, target_graph, asked, path) if asked else (True, [])

    def question(self) -> tuple[str, Mapping[str, Any]] | None:
        """Give the text of the SELECT that finds what is wrong, and the values of its parameters.

        None for a validator of another kind.

        :raises Exception: what pySHACL raises for a query that is none of SHACL.
        """
        return self._query({_ANY: [_ANY]}) if self._selects else None

    def _query(self, asked: Mapping[Any, Any]) -> tuple[str, Mapping[str, Any]]:
        """Give the query's text, and the values of its parameters.

        :raises Exception: what pySHACL raises for a query that is none of SHACL.
        """
        if self._asked is None:
            helper = self.bound.query_helper
            focus, values = next(iter(asked.items()))
            parameters = helper.param_bind_map
            bindings, text = helper.pre_bind_variables(focus, valuenode=next(iter(values)), extravars=parameters.keys())
            fixed = {name: term for name, term in bindings.items() if name not in ("this", "value")}
            self._asked = helper.apply_prefixes(text), {**fixed, **parameters}
        return self._asked

    @cached_property
    def _condition(self) -> Condition | None:
        bounds = [
            each.make_validator_for_shape(shape).bound
            for shape in self.bound.shape.sg.shapes
            for each in shape.find_custom_constraints()
        ]
        return condition_of(self.bound, bounds)
