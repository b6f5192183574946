"""Why a fact holds, and why another one does not: proofs by rules, down to what sources say."""

from kgtool.reasoning.proofs.explanation import Explanation, explain_clash, explain_fact
from kgtool.reasoning.proofs.proof import Denied, NearMiss, Origin, Proof, Said, Step

__all__ = [
    "Denied",
    "Explanation",
    "NearMiss",
    "Origin",
    "Proof",
    "Said",
    "Step",
    "explain_clash",
    "explain_fact",
]
