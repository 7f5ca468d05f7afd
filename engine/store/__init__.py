"""Where cases are kept for good: SQLite or PostgreSQL through SQLAlchemy Core. Decides nothing; knows no command, no document."""
