"""Excel workbooks: as people see them, row by row, and nothing that a hostile one holds does harm."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import Workbook

from ringdesk.features.customers.imports import engine, service, workbook
from ringdesk.features.customers.imports.detect import detect
from ringdesk.features.customers.imports.errors import UnusableFile
from ringdesk.features.customers.imports.workbook import NO_RESULT, SHOWS_ERROR, first_sheet, number_text, sheet_records
from tests.features.customers.imports.conftest import Base


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Saves rows as a workbook; a cell is a value, or a value with its number format."""

    def save_rows(*rows: list[Any], name: str = "customers.xlsx", title: str = "Kunder") -> Path:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = title
        for at, row in enumerate(rows, 1):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(at, place)
                cell.value, shown = value if isinstance(value, tuple) else (value, None)
                if shown:
                    cell.number_format = shown
        path = tmp_path / name
        book.save(path)
        return path

    return save_rows


def cells(path: Path) -> list[list[str]]:
    return [row.cells for row in sheet_records(path, None)]


def test_numbers_and_dates_are_as_people_see_them(save: Callable[..., Path]) -> None:
    path = save(
        [46701740605, (701740605, "0000000000"), 12.5, 0.1 + 0.2, True, 7.0],
        [date(2026, 11, 22), datetime(2026, 11, 22, 9, 5), time(9, 5), "  text ", None, 1234567890123456789],  # noqa: DTZ001 - Excel knows no zone
    )
    assert cells(path) == [
        ["46701740605", "0701740605", "12.5", "0.3", "TRUE", "7"],
        ["2026-11-22", "2026-11-22T09:05:00", "09:05:00", "  text ", "", "1.23456789012346E+18"],
    ]
    assert number_text(float("inf"), "") == "inf"


def test_lines_are_those_of_the_sheet_and_empty_rows_and_columns_are_left_out(save: Callable[..., Path]) -> None:
    path = save(["Name", "Phone", None], [], ["Åsa", "4001", None], [None, None, None], ["Sven", None, ""])
    assert [(row.line, row.cells) for row in sheet_records(path, None)] == [(1, ["Name", "Phone"]), (3, ["Åsa", "4001"]), (5, ["Sven"])]


def test_a_formula_counts_by_its_stored_result_only(save: Callable[..., Path]) -> None:
    path = save(["Name", "Phone"], ["=A9", "4001"], ["#N/A", "4002"])
    assert cells(path)[1:] == [[NO_RESULT, "4001"], [SHOWS_ERROR + "#N/A", "4002"]]
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<v />", b"<v></v>").replace(b"<v></v>", b"<v>5</v>")
    parts["xl/worksheets/sheet1.xml"] = sheet
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert cells(path)[1] == ["5", "4001"]


def test_the_first_visible_sheet_with_rows_is_taken(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Empty"
    hidden = book.create_sheet("Hidden")
    hidden.append(["Name", "Phone"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Kunder").append(["Name", "Phone"])
    book["Kunder"].append(["Åsa", "4001"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    found = detect(path)
    assert (found.sheet, found.headers, found.sample, found.rows) == ("Kunder", ["Name", "Phone"], [["Åsa", "4001"]], 1)


def changed(path: Path, part: str, content: bytes) -> Path:
    """The workbook with one part replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def test_a_part_that_was_made_to_burst_is_refused_before_it_is_unpacked(save: Callable[..., Path]) -> None:
    path = changed(save(["Name"], ["Åsa"]), "xl/sharedStrings.xml", b" " * (32 << 20))
    with pytest.raises(UnusableFile, match="too large when unpacked"):
        first_sheet(path, 5)


def test_a_workbook_beyond_the_limits_is_refused(save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(["Name"], ["Åsa"])
    monkeypatch.setattr(workbook, "MOST_XML", 1_000)
    with pytest.raises(UnusableFile, match="too large when unpacked"):
        first_sheet(path, 5)


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/sharedStrings.xml", BOMB),
        ("xl/worksheets/sheet1.xml", BOMB.decode().encode("utf-16")),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>99</v></c></row>"),
        ("xl/worksheets/sheet1.xml", b"no xml at all"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/styles.xml", b"<"),
        (
            "xl/worksheets/sheet1.xml",
            (
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
                b'<row r="1"><c r="A1" t="str"><v>Name</v></c></row><row r="900000000"><c r="A900000000"><v>1</v></c></row>'
                b"</sheetData></worksheet>"
            ),
        ),
    ],
)
def test_a_damaged_or_hostile_workbook_is_refused_in_words(save: Callable[..., Path], part: str, content: bytes) -> None:
    path = changed(save(["Name", "Phone"], ["Åsa", "4001"]), part, content)
    with pytest.raises(UnusableFile):
        first_sheet(path, 5)


async def test_a_workbook_becomes_customers(base: Base, save: Callable[..., Path]) -> None:
    path = save(
        ["Förnamn", "Efternamn", "Mobil", "Kundnummer"],
        ["Åsa", "Öberg", 46701740605, 7],
        ["Eva", "Ek", 1234567890123456789, 8],
        ["=A1", "Ek", "4002", 9],
    )
    begun = await service.register_file(base.db, base.settings, path, user_name="Ada")
    row = await engine.run(base.db, base.settings.data_dir, begun.id)
    assert row
    assert (row.state, row.created, row.refused, row.format.sheet) == ("done", 1, 2, "Kunder")
    card = await base.card("Åsa Öberg")
    assert (card.phone_1, card.external_id) == ("46701740605", "7")
    refused = (await base.refused(row)).splitlines()
    assert refused[1].startswith("Eva,Ek,1.23456789012346E+18,8,3,")
    assert (
        refused[2].startswith(",Ek,4002,9,4,Förnamn “”: The formula in this cell has no stored result.") or "no stored result" in refused[2]
    )


async def test_a_workbook_can_be_uploaded(as_sven: httpx.AsyncClient, save: Callable[..., Path]) -> None:
    path = save(["Name", "Phone"], ["Åsa", "4001"])
    answer = await as_sven.post(
        "/api/v1/imports", files={"file": ("kunder.xlsx", path.read_bytes(), "application/octet-stream")}, data={"start": "false"}
    )
    assert answer.status_code == 201, answer.text
    assert (answer.json()["sheet"], answer.json()["sample"]) == ("Kunder", [["Åsa", "4001"]])
    broken = await as_sven.post("/api/v1/imports", files={"file": ("kunder.xlsx", b"PK\x03\x04" + b"\x00" * 99, "text/csv")})
    assert (broken.status_code, broken.json()["errors"][0]["code"]) == (422, "broken_workbook")
