"""Two-way fixed effects as a diagnostic: the regressions, what weights they give to effects, and what they compare."""
