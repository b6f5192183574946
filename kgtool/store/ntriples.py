"""Terms from their N-Triples text, as Oxigraph writes it."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import RdfFormat, parse

from kgtool.store.interface import Term


def terms_of_texts(texts: Sequence[str]) -> list[Term]:
    r"""Read terms of their N-Triples text.

    >>> terms_of_texts(["<urn:x:a>", "_:b1", '"caf\u00E9"@fr'])
    [<NamedNode value=urn:x:a>, <BlankNode value=b1>, <Literal value=café language=fr>]
    """
    lines = "\n".join(f"<urn:x:s> <urn:x:p> {text} ." for text in texts)
    return [quad.object for quad in parse(lines.encode(), RdfFormat.N_TRIPLES, rename_blank_nodes=False)]
