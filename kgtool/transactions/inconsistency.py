"""Inconsistencies in the words of a report, beside what shapes find."""

from __future__ import annotations

from kgtool.reasoning.clash import Clash
from kgtool.validate import Finding

#: The name under which inconsistencies stand in a report.
CONSISTENCY = "owl2-rl-consistency"


def finding_of(clash: Clash) -> Finding:
    """Give a clash as a violation of a report."""
    return Finding(
        severity="violation",
        focus=None,
        path=None,
        value=None,
        message={"en": f"inconsistent: {clash.text('en')}", "fr": f"incohérent : {clash.text('fr')}"},
        shape=None,
        rule=CONSISTENCY,
    )
