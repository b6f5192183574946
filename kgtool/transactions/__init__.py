"""The steps of an operation that writes: open the store, read, find the change, commit it with its consequences."""
