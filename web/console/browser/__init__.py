"""What a browser keeps, calls itself and tells, and what it may be told."""
