"""Balancing weights, found by their dual."""
