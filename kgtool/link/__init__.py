"""What is the same as what: names, identifiers and evidence compared, each comparison with reasons in words."""
