"""The first front end: the OWL 2 RL/RDF rules, and what they become once the axioms of a graph are known."""
