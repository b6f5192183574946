"""Shapes over a graph that lies in columns: what they refuse is looked for by SQL, and said by pySHACL.

For each shape, SQL finds its targets, and among these the *suspects*: nodes that one of its constraints may refuse. Only
they are shown to pySHACL, whose findings these are. Where a constraint refuses very many nodes alike, pySHACL is asked of
some of them, and the others get the same finding.
"""
