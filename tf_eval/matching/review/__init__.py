"""How alike the groups are, whom a result is about, and what the rule for ties decides."""
