"""Proof, on the result itself, that a match is what was asked for."""
