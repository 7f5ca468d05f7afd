"""Migrations of the schema, run by `engine.store.migration`; nobody needs an alembic.ini."""
