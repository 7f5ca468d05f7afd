"""Repeatable measurements, each beside a stated reference in the same run. Ratios count; absolute times are of one noisy machine."""
