"""What follows: from ontology and asserted triples to the inferred ones, behind one engine interface."""
