"""What the log is made of, for any app: which actions there are, which kinds of things they are about, and how values
are kept. Apps register theirs in their `actions` when Django is ready; the entries themselves are in teams.models.log.
"""
