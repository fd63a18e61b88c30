"""Extracts as text: strictly as declared, with row numbers."""
