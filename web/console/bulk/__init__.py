"""Many cases at once: what a plan foretells, and the form by which they are given to somebody."""
