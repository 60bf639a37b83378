"""Indexes of partitioned tables, made while others write (docs/recipes/migration.md). For use inside `autocommit_block()`."""

from alembic import op
from sqlalchemy import text


def index_part_by_part(table: str, name: str, definition: str) -> None:
    """Give a partitioned table an index. One that is there whole is left alone; what a cut upgrade left is made to its end.

    `name` begins with the table's; `definition` is what stands behind the table's name in CREATE INDEX.
    """
    if _holds("select indisvalid from pg_index where indexrelid = to_regclass(:name)", name=name):
        return
    op.execute(f"create index if not exists {name} on only {table} {definition}")
    for partition in _partitions(table):
        if _holds(_HAS_PART, name=name, partition=partition):
            continue
        part = f"{partition}_{name.removeprefix(table + '_')}_idx"
        # One that a cut upgrade left is not valid.
        op.execute(f"drop index concurrently if exists {part}")
        op.execute(f"create index concurrently {part} on {partition} {definition}")
        op.execute(f"alter index {name} attach partition {part}")


_HAS_PART = """select true from pg_inherits h join pg_index i on i.indexrelid = h.inhrelid
               where h.inhparent = to_regclass(:name) and i.indrelid = to_regclass(:partition)"""


def _partitions(table: str) -> list[str]:
    query = text("select inhrelid::regclass::text from pg_inherits where inhparent = to_regclass(:table) order by 1")
    return [str(row[0]) for row in op.get_bind().execute(query, {"table": table})]


def _holds(query: str, **values: str) -> bool:
    found = op.get_bind().execute(text(query), values).first()
    return bool(found and found[0])
