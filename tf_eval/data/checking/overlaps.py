"""Spells that say twice that a person was in one state on one day."""

# Among spells of one person, kind and detail in one agency's books: one that begins before an earlier one has ended.
OVERLAPS = """
    SELECT entry, row_number, 'start_date' AS column_name, 'overlapping spells' AS rule, NULL AS shape,
        'the person is in an earlier spell of the same kind; find out whether one of the two was not closed' AS advice
    FROM loaded_spell
    QUALIFY start_date < max(coalesce(end_date, DATE '9999-12-31')) OVER (
        PARTITION BY agency, local_id, kind, detail ORDER BY start_date, end_date, entry, row_number
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""
