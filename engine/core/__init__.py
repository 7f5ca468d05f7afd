"""The functional core: decisions as values. Pure – no clock, no database, no files, no randomness.

`decide(definition, case, command, facts)` gives a Decision; `evolve(case, event)` gives the next Case.
"""
