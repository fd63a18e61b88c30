"""Triple differences: eligible units where treatment has begun, ineligible ones beside them, and both elsewhere."""
