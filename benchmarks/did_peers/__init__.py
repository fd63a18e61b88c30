"""Packages of PyPI that estimate effects by group and time, each behind the same questions."""
