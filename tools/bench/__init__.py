"""`make bench`: measures imports, recomputes, all pages, and the demo's first pages in a browser, as ratios and
percentiles (docs/performance.md).

It generates a company on its own servers in a temporary folder. Each part runs in its own process, so that peak memory
is measured separately.

| environment | |
| --- | --- |
| `BENCH_SIZE` | `L` (the default), `XL`, `M`, `S` or `XS` |
| `BENCH_ONLY` | some of `import,recompute,edits,digests,pages,first` |
| `BENCH_JSON` | a path for the figures as JSON |
| `BENCH_DIR` | a folder that stores the company; the next run uses it without another import |
"""
