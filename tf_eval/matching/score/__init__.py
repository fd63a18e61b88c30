"""The propensity score of two arms or several: how it is fitted, by folds or not, and whose scores all arms have."""
