"""The second front end of the rule language: SPARQL CONSTRUCT files, in the subset of ``ontology/rules/README.md``.

A text is parsed twice: by Oxigraph, whose messages are the better ones for what is no SPARQL at all, and then by a
recursive descent that knows the subset, and says of everything else where it stands and what to write instead.
"""

from kgtool.reasoning.rulefiles.reading import read_rule, read_rules

__all__ = ["read_rule", "read_rules"]
