"""Which local interventions really work? Cohorts, matched comparison and difference-in-differences."""
