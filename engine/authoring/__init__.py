"""Everything that serves the person who writes a process document: reading it with positions, telling every mistake at once.

Knows YAML, files as bytes, lines and columns. Must not know a database, a clock or a network; running a case never comes here.
"""
