"""Reads RDF files of every format, compressed or not, as quads in the graph of their source."""

from kgtool.ingest.formats import FORMATS, format_of_media_type
from kgtool.ingest.lines import DoubtError, copy_lines, copy_on_trust, may_be_trusted
from kgtool.ingest.reading import TRIPLES_ONLY, read_quads
from kgtool.ingest.sources import Source, sources_of_bytes, sources_of_files, sources_of_folder

__all__ = [
    "FORMATS",
    "TRIPLES_ONLY",
    "DoubtError",
    "Source",
    "copy_lines",
    "copy_on_trust",
    "format_of_media_type",
    "may_be_trusted",
    "read_quads",
    "sources_of_bytes",
    "sources_of_files",
    "sources_of_folder",
]
