"""Conditions on writes: If-Match and If-None-Match (RFC 9110, section 13.1), checked where the write is carried out.

An entity tag begins with the commit that its answer was computed on, and a write may ask that nothing was committed
since. Tags are compared weakly: what is compared is the commit, which is exact.
"""

from __future__ import annotations

from flask import Request

from kgtool.errors import ConditionError
from kgtool.web.jobs import Condition


def of_request(request: Request, commit: str) -> Condition:
    """Read the conditions of a write.

    :param commit: the last commit.
    :raises ConditionError: 412 if it is plain already that one does not hold.
    """
    match, none_match = request.if_match, request.if_none_match
    exists = None
    commits = None
    if match.star_tag:
        exists = True
    elif match:
        commits = frozenset(tag.partition(".")[0] for tag in match.as_set(include_weak=True))
    if none_match.star_tag:
        exists = False
    elif commit in {tag.partition(".")[0] for tag in none_match.as_set(include_weak=True)}:
        raise ConditionError(f"the commit is still {commit}, which If-None-Match excludes")
    return Condition(commits, exists)
