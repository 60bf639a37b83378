"""Customers and their numbers only, made inside the server: for the sizes at which nothing but look-up is measured.

The keys and numbers are those of people.py (the same index gives the same), names are simpler, and the text of quick search stays empty.
"""

from typing import Any

import psycopg
from people import FIVE_YEARS, NUMBER_STEP, NUMBERS_BEFORE, NUMBERS_OF, RANGES, SHARED_PERCENT, People
from psycopg import sql

from ringdesk.seed.words import countries

# Only the last 23 bits of the serial are spread, so that 64 bits hold the product; the others keep the key unique.
_KEY = """create function pg_temp.bench_key(ms bigint, serial bigint) returns uuid language sql immutable return
    (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(serial >> 20 & 4095), 3, '0') || '8' || lpad(to_hex(serial & 1048575), 5, '0')
     || lpad(to_hex(serial % 8388608 * 679535556991 % 1099511627775), 10, '0'))::uuid"""
# The numbers of each customer by their index, the first one shared with its neighbour now and then: phones_of() in people.py.
_NUMBERS = """
create temporary table bench_number as
with shape as (select o.place - 1 as place, o.of, b.before, lag(b.before) over (order by o.place) as neighbours
               from unnest({of}::int[]) with ordinality o(of, place)
               join unnest({before}::int[]) with ordinality b(before, place) using (place)),
     range as (select r.k - 1 as k, r.prefix, r.first, r.count, r.digits
               from unnest({prefix}::text[], {first}::bigint[], {count}::bigint[], {digits}::int[]) with ordinality
                    as r(prefix, first, count, digits, k)),
     wanted as (select i, p as position,
                       i / 8 * 24 + case when p = 1 and s.place > 0 and i * 37 % 100 < {shared} then s.neighbours
                                         else s.before + p - 1 end as x
                from generate_series(0::bigint, {customers} - 1) i join shape s on s.place = i % 8, generate_series(1, 5) p where p <= s.of)
select i, position, r.prefix || lpad((r.first + x / 10 * {step} % r.count)::text, r.digits, '0') as number
from wanted join range r on r.k = x % 10"""
_CUSTOMERS = """
insert into customer (id, number, kind, first_name, last_name, display_name, sort_name, phone_1, phone_2, phone_3, phone_4, phone_5,
                      city, preferred_language, created_at, updated_at)
select pg_temp.bench_key(ms, i), 1001 + i, 'person', f, l, f || ' ' || l, lower(f || ' ' || l),
       n[1], n[2], n[3], n[4], n[5], 'City ' || i % 5000, 'en', to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0)
from (select i, array_agg(number order by position) as n, {begin} + {span} * i / {customers} as ms,
             ({firsts}::text[])[i * 7919 % {first_count} + 1] as f, ({lasts}::text[])[i * 104729 % {last_count} + 1] as l
      from bench_number group by i) made"""
_IDENTITIES = """
insert into customer_identity (id, customer_id, kind, raw, normalised, position, created_at)
select pg_temp.bench_key(1500000000000, i * 8 + position), pg_temp.bench_key({begin} + {span} * i / {customers}, i), 'phone', number,
       number, position, now()
from bench_number"""


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
    conn.execute(_KEY)
    for statement in (_NUMBERS, _CUSTOMERS):
        conn.execute(sql.SQL(statement).format(**literals))
    written = conn.execute(sql.SQL(_IDENTITIES).format(**literals)).rowcount
    conn.execute("drop table bench_number")
    conn.execute("select setval('customer_number', %s)", [1001 + people.count])
    return written
