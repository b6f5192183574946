"""The ontology itself under test: its terms, its profile, its consistency, its alignments and its rules."""
