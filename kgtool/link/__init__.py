"""Links between what the graph holds and what others hold: names, affiliations, entities, reconciliation."""
