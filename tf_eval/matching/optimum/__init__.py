"""Pairs of least total distance, and the prices that prove it."""
