"""The language of a page: of ``lang=``, else of Accept-Language; its words by gettext, from ``translations/``.

Words are written in English in code, templates and scripts, and looked up: those of pages in the domain ``pages``,
those of scripts in ``scripts``, which a page hands on to its scripts as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlencode

from babel.dates import format_date
from babel.numbers import format_decimal
from babel.support import Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel

from kgtool.web import negotiation

FOLDER: Final = Path(__file__).parent / "translations"
#: Where the environment of a request keeps the language of its page.
_CHOSEN: Final = "kgtool.language"
_PAGES: Final = "pages"
_SCRIPTS: Final = "scripts"


def register(app: Flask) -> None:
    """Let the app's pages speak the reader's language, and their links keep the one that ``lang=`` asks for."""
    Babel(
        app,
        default_domain=_PAGES,
        default_translation_directories=str(FOLDER),
        locale_selector=current_language,
    )
    app.jinja_env.globals["script_words"] = lambda: script_words(current_language())
    app.jinja_env.globals["in_language"] = in_language
    app.jinja_env.globals["current_language"] = current_language
    app.jinja_env.filters["in_figures"] = in_figures
    app.jinja_env.filters["in_words"] = in_words


def choose(language: str) -> None:
    """Say what language the page of the current request has."""
    request.environ[_CHOSEN] = language


def current_language() -> str:
    """Give the language of the page under way; English where there is none."""
    if not has_request_context():
        return "en"
    chosen = request.environ.get(_CHOSEN)
    if isinstance(chosen, str):
        return chosen
    given = request.args.get("lang")
    return given if given in negotiation.LANGUAGES else negotiation.language(request.headers.get("Accept-Language"))


def in_language(address: str) -> str:
    """Give an address of this service with the language that the current page was asked for in, if any."""
    given = request.args.get("lang") if has_request_context() else None
    if given not in negotiation.LANGUAGES or not address.startswith("/"):
        return address
    place, mark, fragment = address.partition("#")
    return f"{place}{'&' if '?' in place else '?'}{urlencode({'lang': given})}{mark}{fragment}"


def in_figures(number: int) -> str:
    """Write a number as the page's language does.

    >>> in_figures(1234)
    '1,234'
    """
    return format_decimal(number, locale=current_language())


def in_words(day: date, pattern: str = "long") -> str:
    """Write a date as the page's language does, the first of a French month as people do.

    :param pattern: ``long``, ``short``, …, or one of CLDR's (https://cldr.unicode.org/translation/date-time).

    >>> in_words(date(2022, 9, 1))
    'September 1, 2022'
    """
    language = current_language()
    text = format_date(day, pattern, locale=language)
    return f"1er {text[2:]}" if language == "fr" and text.startswith("1 ") else text


@cache
def script_words(language: str) -> Mapping[str, str]:
    """Give what scripts say, in a language, by what they say in English."""
    if language == "en":
        return {}
    catalogue = Translations.load(str(FOLDER), [language], _SCRIPTS)
    messages = cast(Mapping[object, str], getattr(catalogue, "_catalog", {}))
    return {name: text for name, text in messages.items() if isinstance(name, str) and name and text}
