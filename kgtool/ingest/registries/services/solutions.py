"""How many solutions a query that makes triples has: its pattern, counted by the endpoint itself."""

from __future__ import annotations

from kgtool.store.tokens import closing, tokens


def counting(query: str) -> str | None:
    """Give the query that counts the solutions of a CONSTRUCT or DESCRIBE as ``?n``; None where there is no pattern.

    The pattern stands in a query of its own inside, with its groups and its order, so that each solution counts once.

    >>> counting("PREFIX x: <urn:x:> CONSTRUCT { ?s a x:A } FROM x:g WHERE { ?s x:p ?o } ORDER BY ?s")
    'PREFIX x: <urn:x:> SELECT (COUNT(*) AS ?n) FROM x:g { SELECT (1 AS ?one_) WHERE { ?s x:p ?o } ORDER BY ?s\\n}'
    >>> counting("DESCRIBE <urn:x:a>") is None
    True
    """
    words = list(tokens(query))
    form = next((at for at, word in enumerate(words) if word.is_word("CONSTRUCT", "DESCRIBE")), None)
    if form is None:
        return None
    after = form + 1
    if words[form].is_word("CONSTRUCT") and after < len(words) and words[after].is_mark("{"):
        after = closing(words, after) + 1
    while after < len(words) and not (words[after].is_word("FROM", "WHERE") or words[after].is_mark("{")):
        after += 1
    pattern = next(
        (at for at in range(after, len(words)) if words[at].is_word("WHERE") or words[at].is_mark("{")), None
    )
    if pattern is None:
        return None
    begins = words[pattern].start
    graphs, rest = query[words[after].start : begins], query[begins:]
    return f"{query[: words[form].start]}SELECT (COUNT(*) AS ?n) {graphs}{{ SELECT (1 AS ?one_) {rest}\n}}"
