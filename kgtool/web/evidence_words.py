"""The reasons of links in the reader's language: linking words them in English, in phrases that are known here.

A reason that is none of these phrases stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext, lazy_gettext, ngettext

_QUOTED: Final = r'"[^"]*"'
_MANY: Final = re.compile(r"(.*), as (\d+) others are", re.DOTALL)
_NAMES: Final = re.compile(rf"names ({_QUOTED}) and ({_QUOTED}): (.*)", re.DOTALL)
_NOT_FIRST: Final = re.compile(rf"(.*), which is not the first of ({_QUOTED})", re.DOTALL)
_SLOT: Final = re.compile(r"%\((\w)\)s")
#: A comma between reasons, not one inside quotes.
_COMMA: Final = re.compile(r', (?=(?:[^"]*"[^"]*")*[^"]*$)')
#: Phrases, the more special ones first: the groups of a pattern are what a translation names ``a``, ``b``, ``c``.
_PHRASES: Final = tuple(
    (re.compile(pattern.replace("QUOTED", f"({_QUOTED})"), re.DOTALL), words)
    for pattern, words in (
        ("home page QUOTED in both", lazy_gettext("home page %(a)s in both")),
        ("name QUOTED in both", lazy_gettext("name %(a)s in both")),
        ("acronym QUOTED in both", lazy_gettext("acronym %(a)s in both")),
        ("name QUOTED has the words of QUOTED", lazy_gettext("name %(a)s has the words of %(b)s")),
        ("acronym QUOTED has the words of QUOTED", lazy_gettext("acronym %(a)s has the words of %(b)s")),
        (r"name QUOTED is like QUOTED \(([\d.]+)\)", lazy_gettext("name %(a)s is like %(b)s (%(c)s)")),
        (r"acronym QUOTED is like QUOTED \(([\d.]+)\)", lazy_gettext("acronym %(a)s is like %(b)s (%(c)s)")),
        ("unit number (.+) in both", lazy_gettext("unit number %(a)s in both")),
        ("unit number (.+) is not (.+)", lazy_gettext("unit number %(a)s is not %(b)s")),
        ("both in QUOTED", lazy_gettext("both in %(a)s")),
        ("one in QUOTED, the other in QUOTED", lazy_gettext("one in %(a)s, the other in %(b)s")),
        ("both belong to (.+)", lazy_gettext("both belong to %(a)s")),
        ("both affiliated with (.+)", lazy_gettext("both affiliated with %(a)s")),
        ("both took part in (.+)", lazy_gettext("both took part in %(a)s")),
        ("both worked with (.+)", lazy_gettext("both worked with %(a)s")),
        (r"QUOTED \((\S+)\) is as like", lazy_gettext("%(a)s (%(b)s) is as like")),
        ("family name QUOTED in both", lazy_gettext("family name %(a)s in both")),
        ("family name QUOTED in another order", lazy_gettext("family name %(a)s in another order")),
        ("family name QUOTED is a part of QUOTED", lazy_gettext("family name %(a)s is a part of %(b)s")),
        (
            "family names QUOTED and QUOTED spelled nearly alike",
            lazy_gettext("family names %(a)s and %(b)s spelled nearly alike"),
        ),
        ("given name QUOTED in both", lazy_gettext("given name %(a)s in both")),
        ("initials QUOTED in both", lazy_gettext("initials %(a)s in both")),
        ("initials QUOTED of QUOTED", lazy_gettext("initials %(a)s of %(b)s")),
        ("initial QUOTED of QUOTED", lazy_gettext("initial %(a)s of %(b)s")),
        ("given name QUOTED on one side alone", lazy_gettext("given name %(a)s on one side alone")),
        ("given names QUOTED and QUOTED differ", lazy_gettext("given names %(a)s and %(b)s differ")),
        ("further given names QUOTED and QUOTED differ", lazy_gettext("further given names %(a)s and %(b)s differ")),
        ("no given name on either side", lazy_gettext("no given name on either side")),
        ("QUOTED on one side alone", lazy_gettext("%(a)s on one side alone")),
        ("QUOTED is a form of QUOTED", lazy_gettext("%(a)s is a form of %(b)s")),
        ("QUOTED begins QUOTED", lazy_gettext("%(a)s begins %(b)s")),
        ("QUOTED and QUOTED spelled nearly alike", lazy_gettext("%(a)s and %(b)s spelled nearly alike")),
        (r"(\w+) (\S.*) in both", lazy_gettext("%(a)s %(b)s in both")),
        (r"(\w+) (\S.*?) is not (\w+ \S.*)", lazy_gettext("%(a)s %(b)s is not %(c)s")),
    )
)


@dataclass(frozen=True)
class Told:
    """A reason in words.

    :param is_translated: whether it is in the reader's language; otherwise it is in English.
    """

    text: str
    is_translated: bool = True


def told_reasons(why: str) -> list[Told]:
    """Give the reasons of a link; needs a request."""
    return [_told(reason) for reason in why.split("; ") if reason]


def _told(reason: str) -> Told:
    words = _worded(reason)
    return Told(reason, is_translated=False) if words is None else Told(words)


def _worded(reason: str) -> str | None:
    """Word a reason in the reader's language; None for one that is not known."""
    many = _MANY.fullmatch(reason)
    if many:
        number = int(many[2])
        rest = _worded(many[1])
        return rest and ngettext("%(rest)s, as %(num)d other is", "%(rest)s, as %(num)d others are", number, rest=rest)
    names = _NAMES.fullmatch(reason)
    if names:
        rest = _worded(names[3])
        return rest and gettext("names %(a)s and %(b)s: %(rest)s", a=names[1], b=names[2], rest=rest)
    other = _NOT_FIRST.fullmatch(reason)
    if other:
        rest = _worded(other[1])
        return rest and gettext("%(rest)s, which is not the first of %(a)s", rest=rest, a=other[2])
    for pattern, words in _PHRASES:
        found = pattern.fullmatch(reason)
        if found:
            return _filled(str(words), found.groups())
    parts = _COMMA.split(reason)
    if len(parts) > 1:
        worded = [_worded(part) for part in parts]
        return None if None in worded else ", ".join(part for part in worded if part)
    return None


def _filled(words: str, groups: Sequence[str]) -> str:
    values = dict(zip("abc", groups, strict=False))
    return _SLOT.sub(lambda slot: values.get(slot[1], ""), words)
