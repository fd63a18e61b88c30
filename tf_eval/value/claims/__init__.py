"""Payment by results as data: rules, how families stand by them, what may be claimed, and what it comes to."""
