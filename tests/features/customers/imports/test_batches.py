"""Files as batches: counted without loss, rendered for COPY."""

import csv
import io
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from ringdesk.features.customers.imports import batches as module
from ringdesk.features.customers.imports.batches import CUSTOMER_COLUMNS, NULL, Batch, Plan, batches, refused_line
from ringdesk.features.customers.imports.detect import detect
from ringdesk.features.customers.imports.errors import BadMapping, UnusableFile
from ringdesk.features.customers.imports.mapping import check, guess
from ringdesk.features.customers.imports.reading import records


def plan(path: Path, mapping: dict[str, str] | None = None, *, skip: int = 0) -> Plan:
    found = detect(path)
    chosen = mapping if mapping is not None else check(guess(found.headers), found.headers)
    return Plan(str(path), found.encoding, found.delimiter, found.headers, chosen, "GB", skip=skip)


def write(folder: Path, text: str) -> Path:
    path = folder / "customers.csv"
    path.write_bytes(text.encode())
    return path


def rows_of(batch: Batch) -> list[dict[str, str]]:
    lines = batch.customers.decode().splitlines()
    return [dict(zip(CUSTOMER_COLUMNS, line.split("\t"), strict=True)) for line in lines]


def test_a_row_is_rendered_for_copy_with_its_derived_columns(tmp_path: Path) -> None:
    (batch,) = batches(plan(write(tmp_path, "Name,Phone,E-mail,City\nÅsa Öberg,020 7946 0018,asa@example.com,Umeå\n")))
    (row,) = rows_of(batch)
    assert UUID(row["id"]).version == 7
    assert (row["line"], row["display_name"], row["sort_name"], row["city"]) == ("2", "Åsa Öberg", "{sa }berg", "Umeå")
    assert "+442079460018" in row["search_text"]
    assert row["phone_2"] == NULL
    identities = [line.split("\t") for line in batch.identities.decode().splitlines()]
    assert [(item[0], item[2], *item[3:]) for item in identities] == [
        ("2", row["id"], "phone", "020 7946 0018", "+442079460018", "1", NULL),
        ("2", row["id"], "email", "asa@example.com", "asa@example.com", "1", NULL),
    ]


def test_a_backslash_reaches_the_database_as_itself(tmp_path: Path) -> None:
    (batch,) = batches(plan(write(tmp_path, "Name\nA\\N \\t\n")))
    assert b"A\\\\N" in batch.customers


def test_ids_are_unique_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "Name\n" + "".join(f"Ada {n}\n" for n in range(6_000)))
    ids = [row["id"] for batch in batches(plan(path)) for row in rows_of(batch)]
    assert len(set(ids)) == 6_000
    assert all(one[:16] < other[:16] for one, other in pairwise(ids[:500]))


def test_refused_rows_keep_their_columns_line_and_every_reason(tmp_path: Path) -> None:
    path = write(tmp_path, 'Name,Phone,E-mail\nAda,x,y\nSven,4001,s@example.com\n"Bilal\n",call,b@example.com,=1+1\n')
    (batch,) = batches(plan(path))
    assert (batch.read, batch.accepted, batch.ignored) == (3, 1, 0)
    first, second = (next(csv.reader(io.StringIO(refused_line(item, 3, ",")))) for item in batch.refused)
    assert first[:4] == ["Ada", "x", "y", "2"]
    assert first[4].startswith("Phone “x”: ")
    assert "; E-mail “y”: " in first[4]
    assert second[:5] == ["Bilal\n", "call", "b@example.com", "'=1+1", "4"]


def test_rows_are_skipped_that_an_earlier_run_has_read(tmp_path: Path) -> None:
    path = write(tmp_path, "Name\n" + "".join(f"Ada {n}\n" for n in range(1_000)))
    (batch,) = batches(plan(path, skip=997))
    assert [row["display_name"] for row in rows_of(batch)] == ["Ada 997", "Ada 998", "Ada 999"]
    assert list(batches(plan(path, skip=5_000))) == []


def test_batches_are_bounded_in_rows_and_in_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_BATCH_ROWS", 2)
    monkeypatch.setattr(module, "BATCH_ROWS", 10)
    monkeypatch.setattr(module, "BATCH_CHARACTERS", 1_000)
    path = write(tmp_path, "Name\n" + "".join(f"Ada {n}\n" for n in range(15)) + f"{'x' * 1_000}\n" * 3)
    assert [batch.read for batch in batches(plan(path))] == [2, 10, 4, 1, 1]


def test_originals_are_kept_only_where_the_database_may_refuse(tmp_path: Path) -> None:
    how = plan(write(tmp_path, 'Name,Phone\n"Lovelace, Ada",4001\n'))
    assert [batch.originals for batch in batches(how)] == [{}]
    assert [batch.originals for batch in batches(structs.replace(how, keep_originals=True))] == [{2: ["Lovelace, Ada", "4001"]}]


cells = st.sampled_from(
    ["Ada", "", "020 7946 0018", "x", "a@b.se", '"', "\\", "Å", "=1", "'", "\x00", "a\nb", "\r", "\t", " ", "7"]
) | st.text(max_size=8)
tables = st.lists(st.lists(cells, max_size=7), max_size=20)


@settings(max_examples=300, deadline=None)
@given(table=tables, delimiter=st.sampled_from([",", ";", "\t"]), quoted=st.booleans(), tail=st.binary(max_size=30))
def test_no_row_of_any_file_is_lost(
    table: list[list[str]], delimiter: str, quoted: bool, tail: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerows(table)
    path.write_bytes(
        delimiter.join(["Name", "Phone", "E-mail", "ID"]).encode() + b"\n" + buffer.getvalue().encode("utf-8", "replace") + tail
    )
    try:
        how = plan(path)
    except (UnusableFile, BadMapping):
        return
    expected = sum(1 for _ in records(path, how.encoding, how.delimiter)) - 1
    found = list(batches(how))
    assert sum(batch.read for batch in found) == expected
    for batch in found:
        assert batch.read == batch.accepted + batch.ignored + len(batch.refused)
        assert len(batch.customers.decode().split("\n")) - 1 == batch.accepted
        for line in batch.customers.decode().split("\n")[:-1]:
            assert line.count("\t") == len(CUSTOMER_COLUMNS) - 1
            assert "\x00" not in line
