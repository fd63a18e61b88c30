"""Synthetic comparisons: weights on never treated units and on periods, and what is found with them."""
