"""The scripts and styles that npm builds from ``client/``: what each is called, and what it needs beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, url_for
from markupsafe import Markup

_FOLDER: Final = "built"
_MANIFEST: Final = Path(__file__).parent / "static" / _FOLDER / "manifest.json"
#: Seconds that a browser keeps a built file, whose name changes with what is in it.
KEPT: Final = 365 * 24 * 3600


def register(app: Flask) -> None:
    """Let templates name scripts and styles by their sources."""
    app.jinja_env.globals["script"] = script
    app.jinja_env.globals["style"] = style


def is_built(filename: str) -> bool:
    """Tell whether a static file is a built one."""
    return filename.startswith(f"{_FOLDER}/")


def script(name: str) -> Markup:
    """Give the elements that load a script of ``client/src/pages/`` and its imports; none where nothing is built."""
    entry = _manifest().get(f"{name}.ts")
    if entry is None:
        return Markup("")
    preloads = [Markup('<link rel="modulepreload" href="{}">').format(_address(each)) for each in entry["imports"]]
    loaded = Markup('<script type="module" src="{}"></script>').format(_address(str(entry["file"])))
    return Markup("\n").join([*preloads, loaded])


def style(name: str) -> Markup:
    """Give the element that loads a style of ``client/src/styles/``; none where nothing is built."""
    entry = _manifest().get(f"{name}.css")
    return Markup('<link rel="stylesheet" href="{}">').format(_address(str(entry["file"]))) if entry else Markup("")


def _address(file: str) -> str:
    return url_for("static", filename=f"{_FOLDER}/{file}")


def _manifest() -> Mapping[str, Mapping[str, list[str] | str]]:
    return _read(_MANIFEST.stat().st_mtime_ns) if _MANIFEST.is_file() else {}


@lru_cache(maxsize=1)
def _read(changed: int) -> Mapping[str, Mapping[str, list[str] | str]]:
    manifest: Mapping[str, Mapping[str, list[str] | str]] = json.loads(_MANIFEST.read_text("utf-8"))
    return manifest
