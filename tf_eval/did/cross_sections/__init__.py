"""Effects by group and period from repeated cross-sections, in which who is seen changes from period to period."""
