"""The crossing: an encoded columnar copy of the graph beside the store; never authority, rebuilt whenever in doubt."""
