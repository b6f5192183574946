"""The incremental engine: the consequences of a change from the change alone, by look-ups in the store."""
