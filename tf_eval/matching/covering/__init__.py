"""Sets of least total distance in which everybody has a partner: a least-cost edge cover, of a line or of any pairs."""
