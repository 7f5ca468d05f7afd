"""Scenarios: the stories of a process, run through the same decisions as production, without a database and in simulated time."""
