"""Worlds whose effects are known, and estimators asked for them; run by ``benchmarks/did_coverage.py``."""
