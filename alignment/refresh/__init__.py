"""Updates stored figures and flags after edits (docs/architecture/engine-and-refreshing.md).

Entry points:

- `edits.refresh`: figures and flags of one edit, inside its transaction. It subscribes to lib.services.changes;
- `recompute.recompute`, `recompute.recompute_alignment`: everything, as of a day;
- `waiting.refresh_waiting`: what edits left to a worker;
- `nightly.recompute_when_stale`: a new day, with the check for drift and the weekly snapshot;
- `drift.find_drift`, `weeks.snapshot_when_due`: these two alone.
"""
