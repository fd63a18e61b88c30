"""Which records of which agencies are of one person."""
