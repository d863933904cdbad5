"""What waits for a person: one list, from one module for each kind of thing that asks."""
