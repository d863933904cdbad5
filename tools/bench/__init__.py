"""`make bench`: what an import, a recompute and every page cost, and what the demo's first pages take in a browser, as
ratios and percentiles (docs/performance.md).

A generated company in servers of its own, in a throwaway folder. Each part runs in a process of its own, so that its
peak memory is its own.

| environment | |
| --- | --- |
| `BENCH_SIZE` | `L` (the default), `S` or `XS` |
| `BENCH_ONLY` | which of `import,recompute,edits,digests,pages,first` |
| `BENCH_JSON` | a path: the same figures as JSON |
| `BENCH_DIR` | a folder that keeps the company; the next run finds it there and does not import again |
"""
