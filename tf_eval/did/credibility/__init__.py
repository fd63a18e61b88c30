"""What if trends were not parallel? Tests before treatment, their power, and effects under bounded violations."""
