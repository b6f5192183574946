"""Matching rule bodies against facts by look-ups: for axioms, for changes, and for proofs."""
