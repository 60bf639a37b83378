"""A month's partition can be made although rows of that month are stored already.

Rows of a month that has no partition lie in the default one, and PostgreSQL then refuses to make the month's: a machine that was switched
off over the turn of two months could never get its partitions back.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Move such rows into the new partition."""
    op.execute("""
        create or replace function make_month_partition(parent text, month date) returns void language plpgsql as $$
        declare
            name constant text := parent || to_char(month, '_YYYYMM');
            first constant uuid := month_floor(month);
            after constant uuid := month_floor((month + interval '1 month')::date);
        begin
            if to_regclass(name) is not null then
                return;
            end if;
            begin
                execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent, first, after);
            exception when check_violation then
                execute format('create table %I (like %I including defaults including constraints)', name, parent);
                execute format('with moved as (delete from %I where id >= %L and id < %L returning *) insert into %I select * from moved',
                               parent || '_other', first, after, name);
                execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, first, after);
            end;
        end $$""")


def downgrade() -> None:
    """Going back is `ringdesk restore`."""
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
