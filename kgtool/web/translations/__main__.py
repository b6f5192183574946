"""Gathers the words of pages and scripts for translators, and compiles what they wrote.

``python -m kgtool.web.translations gather`` brings ``fr/LC_MESSAGES/*.po`` up to date with code, templates and scripts;
``… compile`` makes the ``.mo`` files that pages read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

_HERE: Final = Path(__file__).parent
_WEB: Final = _HERE.parent
_LANGUAGES: Final = ("fr",)
#: For each domain: the folder, what to look in, and how.
_DOMAINS: Final = {
    "pages": (_WEB, [("**.py", "python"), ("templates/**.html", "jinja2")], {}),
    "scripts": (_WEB / "client" / "src", [("**.ts", "javascript")], {"t": None}),
}


def gathered(domain: str) -> Catalog:
    """Give the words that a domain's sources use, with where they stand."""
    folder, methods, keywords = _DOMAINS[domain]
    catalogue = Catalog(project="kgtool", charset="utf-8", fuzzy=False)
    found: Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]] = extract_from_dir(
        str(folder),
        method_map=methods,
        options_map={"**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true"}},
        keywords={"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "N_": None, **keywords},
        directory_filter=lambda each: Path(each).name not in {"node_modules", "built", "__pycache__"},
    )
    for file, _, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        catalogue.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalogue


def file_of(domain: str, language: str, ending: str = "po") -> Path:
    """Give the file of a domain's words in a language."""
    return _HERE / language / "LC_MESSAGES" / f"{domain}.{ending}"


def gather() -> None:
    """Bring the files of translators up to date."""
    for domain in _DOMAINS:
        template = gathered(domain)
        for language in _LANGUAGES:
            file = file_of(domain, language)
            file.parent.mkdir(parents=True, exist_ok=True)
            known = Catalog(locale=language, charset="utf-8", fuzzy=False)
            if file.is_file():
                with file.open("rb") as lines:
                    known = pofile.read_po(lines, locale=language)
            known.update(template, no_fuzzy_matching=True)
            known.obsolete.clear()
            with file.open("wb") as written:
                pofile.write_po(written, known, width=120, omit_header=True, no_location=True, sort_output=True)


def compile_all() -> None:
    """Make what pages read."""
    for domain in _DOMAINS:
        for language in _LANGUAGES:
            with file_of(domain, language).open("rb") as lines:
                known = pofile.read_po(lines, locale=language)
            with file_of(domain, language, "mo").open("wb") as written:
                write_mo(written, known)


if __name__ == "__main__":
    {"gather": gather, "compile": compile_all}[sys.argv[1]]()
