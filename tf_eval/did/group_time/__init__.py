"""The engine: effects by group and period from sums over blocks of units, with their influence functions."""
