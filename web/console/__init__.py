"""The screen: pages for people at the counter, rendered here and swapped into each other by htmx. Decides nothing; it shows and asks."""
