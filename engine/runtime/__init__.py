"""The imperative shell: reads the time, loads the facts, asks the core, records the decision. Holds no rule of its own."""
