"""One file a version, named by its number; a published one is never changed."""
