"""Any bytes at all are quads or an error of kgtool, never another exception."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kgtool.errors import KgtoolError
from kgtool.ingest import FORMATS, read_quads, sources_of_bytes

from .documents import DOCUMENTS, PACKERS

#: Pieces that mean something to one parser or another.
FRAGMENTS = st.sampled_from(
    rb"""< > <<( )>> [ ] { } ( ) " ' \u00 \ @ ^^ & &#x0; <!-- <![CDATA[ <!DOCTYPE _: : . ; % {| ~ --ltr
    "@id": "@graph": "@context": "@list": null 1e999""".split()
) | st.binary(max_size=4)


@st.composite
def mutations(draw: st.DrawFn, document: bytes) -> bytes:
    """Give a document with a few pieces cut out, doubled or written over."""
    mutated = bytearray(document)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(mutated)))
        end = min(len(mutated), start + draw(st.integers(0, 12)))
        kept = bytes(mutated[start:end])
        mutated[start:end] = draw(st.sampled_from([b"", kept * 2])) + draw(FRAGMENTS)
    return bytes(mutated)


def read(data: bytes, format: str) -> None:
    [source] = sources_of_bytes(data, name="body", graph="urn:g", format=format)
    message = "body"
    try:
        for quad in read_quads(source):
            assert quad.graph_name == NamedNode("urn:g") or format in ("trig", "nquads", "jsonld")
    except KgtoolError as error:
        message = str(error)
    assert message.startswith("body")
    assert message.isprintable()


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.data())
@settings(deadline=None)
def test_mutated_documents(format: str, data: st.DataObject) -> None:
    read(data.draw(mutations(DOCUMENTS[format])), format)


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.binary(max_size=200))
@settings(deadline=None)
def test_bytes(format: str, data: bytes) -> None:
    read(data, format)


@pytest.mark.parametrize("packing", PACKERS)
@given(data=st.data())
@settings(deadline=None)
def test_mutated_packed_documents(packing: str, data: st.DataObject) -> None:
    read(data.draw(mutations(PACKERS[packing](DOCUMENTS["turtle"]))), "turtle")
