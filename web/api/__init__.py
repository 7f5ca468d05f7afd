"""The API: one module a noun. What each answers is made in `engine.representation`."""
