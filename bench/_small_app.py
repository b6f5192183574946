"""A small Flask application that answers as a cheap query does: half a kilobyte of JSON, made anew each time."""

from __future__ import annotations

from flask import Flask, Response, request

app = Flask(__name__)


@app.get("/")
def answer() -> Response:
    """Answer with what was asked, and some rows."""
    asked = request.args.get("query", "")
    rows = ",".join(
        f'{{"p":{{"type":"uri","value":"urn:p:{n}"}},"o":{{"type":"literal","value":"{n}"}}}}' for n in range(8)
    )
    body = f'{{"head":{{"vars":["p","o"]}},"results":{{"bindings":[{rows}]}},"asked":{len(asked)}}}'
    return Response(body, mimetype="application/sparql-results+json")
