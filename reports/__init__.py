"""The read side: from stored rows to figures for people. Writes nothing, decides nothing; titles come from the definitions."""
