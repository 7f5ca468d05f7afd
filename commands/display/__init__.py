"""How answers look: views of the engine → text on a terminal, or objects for JSON. Loads the engine, decides nothing."""
