"""The commands, one module a noun: argv → Application → text. No logic: that is the engine's.

The modules are read for every `--help`, so they load the engine only inside a command that runs.
"""
