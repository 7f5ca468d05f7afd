"""The demonstration: real tickets, a demonstration team, ten simulated days. `make demo`, or `python -m demo`."""
