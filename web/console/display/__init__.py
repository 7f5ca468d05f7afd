"""How things look on a page: templates and what they are drawn with."""
