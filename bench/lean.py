"""Customers and their numbers only, made inside the server: for the sizes at which nothing but look-up is measured.

The keys and numbers are those of people.py (the same index gives the same), names are simpler, and the text of quick search stays empty.
"""

from typing import Any

import psycopg
from people import FIVE_YEARS, NUMBER_STEP, NUMBERS_BEFORE, NUMBERS_OF, RANGES, SHARED_PERCENT, People
from psycopg import sql

from ringdesk.seed.words import countries

_HEX = """create function pg_temp.bench_key(ms bigint, serial bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(serial >> 20 & 4095), 3, '0') || '8' || lpad(to_hex(serial & 1048575), 5, '0')
            || lpad(to_hex(serial * 679535556991 % 1099511627775), 10, '0'))::uuid $$"""
_NUMBER = """create function pg_temp.bench_number(index bigint) returns text language sql immutable as $$
    select r.prefix[index % 10 + 1] || lpad((r.first[index % 10 + 1] + index / 10 * {step} % r.count[index % 10 + 1])::text,
                                            r.digits[index % 10 + 1], '0')
    from (select {prefix}::text[] as prefix, {first}::bigint[] as first, {count}::bigint[] as count, {digits}::int[] as digits) r $$"""
_CUSTOMERS = """
insert into customer (id, number, kind, first_name, last_name, display_name, sort_name, phone_1, phone_2, phone_3, phone_4, phone_5,
                      city, preferred_language, created_at, updated_at)
select pg_temp.bench_key(ms, i), 1001 + i, 'person', f, l, f || ' ' || l, lower(f || ' ' || l),
       n[1], n[2], n[3], n[4], n[5], 'City ' || i % 5000, 'en', to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0)
from generate_series(0::bigint, {customers} - 1) i,
     lateral (select {begin} + {span} * i / {customers} as ms, ({firsts}::text[])[i * 7919 % {first_count} + 1] as f,
                     ({lasts}::text[])[i * 104729 % {last_count} + 1] as l) a,
     lateral (select array(select pg_temp.bench_number(x) from pg_temp.bench_numbers(i) x) as n) b"""
# The numbers of customer i by their index, the first one shared with its neighbour now and then: phones_of() in people.py.
_NUMBERS = """create function pg_temp.bench_numbers(i bigint) returns setof bigint language sql immutable as $$
    select i / 8 * 24 + case when k = 0 and i % 8 > 0 and i * 37 % 100 < {shared} then b.v[i % 8] else b.v[i % 8 + 1] + k end
    from (select {before}::int[] as v) b, (select {of}::int[] as v) o, generate_series(0, 4) k where k < o.v[i % 8 + 1] order by k $$"""
_IDENTITIES = """
insert into customer_identity (id, customer_id, kind, raw, normalised, position, created_at)
select pg_temp.bench_key(1500000000000, i * 8 + n.position), pg_temp.bench_key({begin} + {span} * i / {customers}, i), 'phone', n.number,
       n.number, n.position, now()
from generate_series(0::bigint, {customers} - 1) i,
     lateral (select pg_temp.bench_number(x) as number, place as position from pg_temp.bench_numbers(i) with ordinality t(x, place)) n"""


def fill(conn: psycopg.Connection[Any], people: People) -> int:
    """Write the customers of this population and their numbers; how many numbers."""
    words = countries()
    firsts = sorted({name for country in words for name in country.women + country.men})
    lasts = sorted({name for country in words for name in country.last})
    values = {
        "step": NUMBER_STEP,
        "prefix": [prefix for prefix, _, _ in RANGES],
        "first": [first for _, first, _ in RANGES],
        "count": [count for _, _, count in RANGES],
        "digits": [len(str(first + count - 1)) for _, first, count in RANGES],
        "shared": SHARED_PERCENT,
        "before": list(NUMBERS_BEFORE),
        "of": list(NUMBERS_OF),
        "customers": people.count,
        "begin": people.first_ms,
        "span": int(FIVE_YEARS.total_seconds() * 1000),
        "firsts": firsts,
        "lasts": lasts,
        "first_count": len(firsts),
        "last_count": len(lasts),
    }
    literals = {name: sql.Literal(value) for name, value in values.items()}
    for statement in (_HEX, _NUMBER, _NUMBERS, _CUSTOMERS):
        conn.execute(sql.SQL(statement).format(**literals) if statement is not _HEX else statement)
    written = conn.execute(sql.SQL(_IDENTITIES).format(**literals)).rowcount
    conn.execute("select setval('customer_number', %s)", [1001 + people.count])
    return written
