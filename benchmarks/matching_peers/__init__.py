"""Generated units, and the same comparison groups formed in several ways; run by ``benchmarks/matching.py``."""
