"""Where quads live, what they mean, and how SPARQL sees them."""
