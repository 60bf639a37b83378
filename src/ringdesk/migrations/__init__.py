"""The schema and how it grew, run by Alembic."""
