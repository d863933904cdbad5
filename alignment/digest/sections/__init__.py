"""Importing this registers every section (alignment.digest.registry)."""

from alignment.digest.sections import company

__all__ = ["company"]
