"""The propensity score: how it is fitted, by folds or not, and whose scores both arms have."""
