"""Check data against SHACL shapes, and say what was found.

:func:`~kgtool.validate.check.check_shapes` runs shapes over triples and gives a :class:`Report` of
:class:`Finding`s, which other checks (consistency) add to. A report conforms unless it holds a violation.

A change is checked in time that depends on the change, not on the graph: look-ups see the store as it will be
(:mod:`~kgtool.validate.graphs`), queries see the triples that they can reach (:mod:`~kgtool.validate.reach`), and the
two kinds of target that depend on more are remembered (:mod:`~kgtool.validate.memory`).

What needs pySHACL is imported by who needs it: that takes as long as all the rest of a short command.
"""

from kgtool.validate.graphs import StoredGraphs
from kgtool.validate.memory import memory_of
from kgtool.validate.report import NOT_ALL, Finding, Report, Severity

__all__ = ["NOT_ALL", "Finding", "Report", "Severity", "StoredGraphs", "memory_of"]
