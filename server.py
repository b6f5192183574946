"""The service as one file to start: ``python server.py``, or ``server:app`` for another WSGI server.

The application is made when it is first asked for, so that importing this file opens no store.
"""

from __future__ import annotations

import atexit
import functools
import sys

from flask import Flask

from kgtool.config import settings_from
from kgtool.errors import KgtoolError


@functools.cache
def _application() -> Flask:
    from kgtool.web.app import create_app
    from kgtool.web.source import LoneSource

    settings = settings_from()
    source = LoneSource(settings)
    atexit.register(source.close)
    return create_app(source, settings)


def __getattr__(name: str) -> Flask:
    if name == "app":
        return _application()
    raise AttributeError(f"module {__name__} has no attribute {name}")


def main() -> int:
    """Serve the store that the environment names; give the exit code."""
    from kgtool.web.serving import serve

    try:
        serve(settings_from())
    except KgtoolError as error:
        print(f"server.py: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
