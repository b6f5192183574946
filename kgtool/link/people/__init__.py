"""People by their names: what a printed name may mean, how like two names are, and who of many may be meant."""

from __future__ import annotations

from kgtool.link.people.comparing import Likeness, compare, compare_given
from kgtool.link.people.name_index import NameIndex, NameMatch, Person
from kgtool.link.people.printed_names import PrintedName, read_name

__all__ = ["Likeness", "NameIndex", "NameMatch", "Person", "PrintedName", "compare", "compare_given", "read_name"]
