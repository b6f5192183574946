"""Things of the graph and things of registries: what may be the same, with a confidence and evidence in words."""
