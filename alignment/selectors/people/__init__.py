"""What concerns one person: their work, their flags, what they hold and what they did."""
