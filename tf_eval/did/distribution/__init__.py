"""What became of the whole distribution of an outcome, and not of its mean alone."""
