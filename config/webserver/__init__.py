"""The web server: waitress in processes that share a socket (docs/architecture/running.md, *In production*).

Only `process` imports Django, so that what watches over the processes stays small.
"""
