"""The bulk engine: a closure from scratch, by plain SQL over encoded columns."""
