"""Regressions on a panel: rows, sparse columns, least squares with unit constants absorbed, and mean models."""
