"""The rules of a graph, as a list for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgtool.reasoning.language import Rule
from kgtool.reasoning.language.printing import rule_text
from kgtool.reasoning.owl.axioms import Axioms, is_about_axioms
from kgtool.reasoning.owl.reader import owl_rules
from kgtool.reasoning.program import program_of


@dataclass(frozen=True)
class ListedRule:
    """A rule, and how often the axioms of a graph make use of it.

    :param uses: how many ways the axioms leave to apply it to data; None where they have no say in it.
    """

    rule: Rule
    uses: int | None

    def as_json(self) -> dict[str, object]:
        """Give it as JSON: ``{"name", "source", "labels", "text", "uses"}``."""
        rule = self.rule
        return {
            "name": rule.name,
            "source": rule.source,
            "labels": dict(rule.labels),
            "text": rule_text(rule),
            "uses": self.uses,
        }

    def as_text(self) -> str:
        """Write it in a few lines."""
        rule = self.rule
        uses = "" if self.uses is None else f"; the axioms use it in {self.uses:,} ways"
        said = "\n".join(f"    {line}" for line in rule_text(rule).splitlines())
        english, french = (rule.labels.get(language, "") for language in ("en", "fr"))
        return f"{rule.name}  ({rule.source}{uses})\n  {english}\n  {french}\n{said}"


def listed_rules(files: Sequence[Rule], axioms: Axioms) -> tuple[ListedRule, ...]:
    """List the rules of OWL 2 RL in the order of its tables, then rule files by name."""
    uses: dict[str, int] = {}
    for part in program_of(axioms, ()).owl:
        if part.rows.columns:
            uses[part.rule.name] = uses.get(part.rule.name, 0) + len(part.rows)
    about_axioms = {rule.name for rule in owl_rules() if _asks_axioms(rule)}
    owl = (ListedRule(r, uses.get(r.name, 0) if r.name in about_axioms else None) for r in owl_rules())
    return (*owl, *(ListedRule(rule, None) for rule in files))


def _asks_axioms(rule: Rule) -> bool:
    """Tell whether a rule applies to data as far as axioms let it."""
    about = [is_about_axioms(atom) for atom in rule.body]
    return bool(rule.lists or any(about)) and not (rule.head and all(map(is_about_axioms, (*rule.body, *rule.head))))
