"""Exports: the same graph gives the same bytes, in Turtle, TriG, N-Triples, N-Quads, JSON-LD and RDF/XML."""

from kgtool.export.writing import FORMATS, export

__all__ = ["FORMATS", "export"]
