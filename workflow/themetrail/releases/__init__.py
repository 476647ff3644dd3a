"""Releases of a study: its results frozen under a name, and what changed since."""
