"""Check data against SHACL shapes, and say what was found.

:func:`check_shapes` runs shapes over triples and gives a :class:`Report` of :class:`Finding`s, which other checks
(consistency) add to. A report conforms unless it holds a violation.
"""

from kgtool.validate.check import check_shapes
from kgtool.validate.report import Finding, Report, Severity
from kgtool.validate.view import StoredGraphs

__all__ = ["Finding", "Report", "Severity", "StoredGraphs", "check_shapes"]
