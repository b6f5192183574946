"""Compressed answers: gzip or zstandard, as they stream; an answer that breaks off never gets its coding's end."""

from __future__ import annotations

import re
from typing import Final

from flask import Flask, Response, request
from flask_compress import Compress

#: Shorter answers are sent as they are.
MIN_BYTES: Final = 1024
_REFUSES: Final = re.compile(r"(?:gzip|zstd|\*)\s*;\s*q=0(?:\.0*)?\s*(?:,|$)", re.IGNORECASE)
_TYPES: Final = [
    "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values",
    "text/turtle", "application/x-turtle", "application/n-triples", "application/ld+json", "application/rdf+xml",
    "application/trig", "application/n-quads", "application/json", "application/xml", "text/xml", "text/plain",
    "text/html", "text/css", "text/javascript", "image/svg+xml",
]  # fmt: skip


def register(app: Flask) -> None:
    """Let the app compress long answers for clients that want it."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_MIMETYPES=_TYPES,
        COMPRESS_ALGORITHM=["zstd", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["zstd", "gzip"],
        COMPRESS_LEVEL=4,
        COMPRESS_MIN_SIZE=MIN_BYTES,
        # The routes do that themselves: an answer may change though its tag does not (RAND).
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
    )
    compress = Compress(app)

    def compressed(response: Response) -> Response:
        length = response.headers.get("Content-Length")
        if length is not None and int(length) < MIN_BYTES and not response.is_streamed:
            return response
        refused = _REFUSES.search(request.headers.get("Accept-Encoding", ""))  # flask-compress does not see q=0
        # HTTP/1.0 shows no break but by a length, which a compressed stream does not have.
        if refused or request.environ.get("SERVER_PROTOCOL") != "HTTP/1.1":
            response.vary.add("Accept-Encoding")
            return response
        tag, weak = response.get_etag()
        if tag and not weak:
            response.set_etag(tag, weak=True)  # of the same content, whatever its coding
        return compress.after_request(response)

    app.after_request(compressed)
