"""Affiliation strings to the organisations (ROR) and research units (RNSR) that they name, with reasons."""

from kgtool.link.affiliations.matcher import Match, Matcher

__all__ = ["Match", "Matcher"]
