"""What those did who got more of a treatment, and those who got less: exploratory."""
