"""A generated county, and the same questions of it asked in several ways; run by ``benchmarks/cohort.py``."""
