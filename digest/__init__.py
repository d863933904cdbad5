"""The weekly digest: when it is due, what it says to whom, and how that is written. It stores nothing; services do."""
