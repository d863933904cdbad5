"""The weekly digest: when it is due, its content for each person, and how it is built and sent."""
