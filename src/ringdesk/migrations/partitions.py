"""Indexes of partitioned tables, made while others write. docs/recipes/migration.md."""

from alembic import op
from sqlalchemy import text


def index_part_by_part(table: str, name: str, definition: str) -> None:
    """Give a partitioned table an index, partition by partition, outside a transaction; a cut one is made anew.

    `name` begins with the table's; `definition` is what stands behind the table's name in CREATE INDEX.
    """
    op.execute(f"create index if not exists {name} on only {table} {definition}")
    for partition in _partitions(table):
        part = f"{partition}_{name.removeprefix(table + '_')}_idx"
        # One that a cut upgrade left is not valid.
        if not _attached(part):
            op.execute(f"drop index concurrently if exists {part}")
            op.execute(f"create index concurrently {part} on {partition} {definition}")
            op.execute(f"alter index {name} attach partition {part}")


def _partitions(table: str) -> list[str]:
    found = op.get_bind().execute(
        text("select inhrelid::regclass::text from pg_inherits where inhparent = cast(:table as regclass) order by 1"), {"table": table}
    )
    return [str(row[0]) for row in found]


def _attached(index: str) -> bool:
    found = op.get_bind().execute(text("select 1 from pg_inherits where inhrelid = to_regclass(:index)"), {"index": index})
    return found.first() is not None
