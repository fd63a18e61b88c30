"""Worlds whose effects are known, and what matching finds in them; run by ``benchmarks/matching_coverage.py``."""
