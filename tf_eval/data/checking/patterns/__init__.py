"""What is wrong with an extract beyond single rows: where rows are missing, and where their recording changed."""

from tf_eval.data.checking.patterns.patterns import find_patterns

__all__ = ["find_patterns"]
