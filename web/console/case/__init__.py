"""The page of a case: what stands on it, and how a form on it becomes a wish."""
