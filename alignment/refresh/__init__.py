"""Stored figures and flags follow what people do (docs/architecture/engine-and-refreshing.md).

Entered from outside by:

- `edits.refresh`: figures and flags of one edit, inside its transaction. It listens to lib.services.changes;
- `recompute.recompute`, `recompute.recompute_alignment`: everything, as of a day;
- `waiting.refresh_waiting`: what edits left to a worker;
- `nightly.recompute_when_stale`: a new day, with the look for drift and the week's figures;
- `drift.find_drift`, `weeks.snapshot_when_due`: the two by themselves.
"""
