"""What a file is: encodings, delimiters, headers, and what is refused as a whole."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdesk.features.customers.imports.detect import detect
from ringdesk.features.customers.imports.errors import UnusableFile
from ringdesk.features.customers.imports.reading import LONGEST_LINE, records


def write(folder: Path, content: bytes) -> Path:
    path = folder / "customers.csv"
    path.write_bytes(content)
    return path


SWEDISH = "Förnamn;Efternamn;Telefon\r\nÅsa;Öberg;070-123 45 67\r\nGöran;Lindström;08-123 456 78\r\n"
JAPANESE = "氏名,電話番号,メールアドレス\n山田 太郎,03-1234-5678,taro@example.jp\n鈴木 花子,090-1234-5678,hanako@example.jp\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (SWEDISH.encode(), "utf-8"),
        (SWEDISH.encode("utf-8-sig"), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + SWEDISH.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + SWEDISH.encode("utf-16-be"), "utf-16"),
        (SWEDISH.encode("utf-16-le"), "utf-16-le"),
        (SWEDISH.encode("utf-16-be"), "utf-16-be"),
        (SWEDISH.encode("latin-1"), "cp1252"),
        (SWEDISH.replace("Åsa", "€sa – “x”").encode("cp1252"), "cp1252"),
        (SWEDISH.replace("Åsa", "\x81sa").encode("latin-1"), "latin-1"),
    ],
)
def test_the_encoding_is_found_and_the_text_is_whole(tmp_path: Path, content: bytes, encoding: str) -> None:
    found = detect(write(tmp_path, content))
    assert (found.encoding, found.delimiter) == (encoding, ";")
    assert found.headers == ["Förnamn", "Efternamn", "Telefon"]
    assert found.sample[1] == ["Göran", "Lindström", "08-123 456 78"]
    assert found.rows == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp932"])
def test_japanese_text_is_read_in_the_encodings_that_excel_writes_there(tmp_path: Path, encoding: str) -> None:
    found = detect(write(tmp_path, JAPANESE.encode(encoding)))
    assert found.headers == ["氏名", "電話番号", "メールアドレス"]
    assert found.sample[0][0] == "山田 太郎"


def test_a_few_broken_bytes_do_not_make_a_utf8_file_another(tmp_path: Path) -> None:
    rows = "".join(f"Åsa {n},070-123 45 67\n" for n in range(100)).encode()
    assert detect(write(tmp_path, b"Namn,Telefon\n" + rows + b"\xff\xfe,1\n")).encoding == "utf-8"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_although_others_occur_in_values(tmp_path: Path, delimiter: str) -> None:
    lines = [["Name", "Phone", "Note"], ["Lovelace, Ada", "020 7946 0018", "a;b|c"], ['"The" Sven', "(020) 7946-0019", "x,y,z; w"]]
    text = "".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) + "\r\n" for line in lines)
    found = detect(write(tmp_path, text.encode()))
    assert found.delimiter == delimiter
    assert found.sample[0] == lines[1]


def test_excels_note_on_the_delimiter_is_no_header(tmp_path: Path) -> None:
    found = detect(write(tmp_path, b"sep=;\r\nName;Phone\r\nAda;02079460018\r\n"))
    assert (found.delimiter, found.headers) == (";", ["Name", "Phone"])


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert detect(write(tmp_path, b"Phone\n02079460018\n02079460019\n")).headers == ["Phone"]


def test_empty_columns_at_the_end_are_left_out_and_others_named(tmp_path: Path) -> None:
    found = detect(write(tmp_path, b"Name,,Phone,Phone,,\nAda,x,1234,5678,,\n"))
    assert found.headers == ["Name", "Column 2", "Phone", "Phone (2)"]


def test_line_ends_inside_quotes_are_not_counted_as_rows(tmp_path: Path) -> None:
    assert detect(write(tmp_path, b'Name,Street\nAda,"1 High St\nFlat 2"\nSven,"x"\n')).rows == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n\r\n", "empty_file"),
        (b"Name,Phone\n", "no_rows"),
        (b"Name,Phone", "no_rows"),
        (b"PK\x03\x04 and so on", "broken_workbook"),
        (b"%PDF-1.7", "not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_text"),
        (bytes(range(256)) * 20, "not_text"),
        (b",,,\nAda,1,2,3\n", "no_header"),
        (",".join(f"c{n}" for n in range(300)).encode() + b"\n1\n", "too_many_columns"),
        # Refused before the names are looked at: to tell two thousand alike apart took a minute.
        (b"c," * 20_000 + b"c\n1\n", "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(UnusableFile) as refused:
        detect(write(tmp_path, content))
    assert refused.value.code == code
    assert refused.value.errors[0].field == "file"


def lines_of(folder: Path, text: str) -> list[tuple[int, list[str], bool]]:
    return [(row.line, row.cells, bool(row.fault)) for row in records(write(folder, text.encode()), "utf-8", ",")]


def test_rows_count_as_in_a_spreadsheet_whatever_lines_they_have(tmp_path: Path) -> None:
    found = [(1, ["a", "b"], False), (3, ["1", "x\ny"], False), (5, ["2", "z"], False)]
    assert lines_of(tmp_path, 'a,b\n\n1,"x\ny"\n\n2,z\n') == found
    assert lines_of(tmp_path, 'sep=,\na,b\n\n1,"x\ny"\n\n2,z\n') == found


def test_a_quote_that_is_never_closed_costs_one_row_only(tmp_path: Path) -> None:
    rows = "".join(f"{n},y\n" for n in range(200))
    found = lines_of(tmp_path, 'a,b\n"open,x\n' + rows)
    assert found[1] == (2, ['"open', "x"], True)
    assert found[2:] == [(n + 3, [str(n), "y"], False) for n in range(200)]


@pytest.mark.parametrize("last", ["3,4", "3,4\n", "3,4\r\n"])
def test_a_quote_left_open_near_the_end_costs_one_row_only(tmp_path: Path, last: str) -> None:
    found = lines_of(tmp_path, 'a,b\n"open,x\n1,2\n' + last)
    assert found == [(1, ["a", "b"], False), (2, ['"open', "x"], True), (3, ["1", "2"], False), (4, ["3", "4"], False)]


def test_a_quote_inside_a_cell_after_lines_in_quotes_is_no_open_one(tmp_path: Path) -> None:
    found = lines_of(tmp_path, 'a,b\n"x\ny",5" pipe\n3,4\n')
    assert found[1:] == [(2, ["x\ny", '5" pipe'], False), (3, ["3", "4"], False)]


def test_a_line_without_end_is_skipped_and_never_held(tmp_path: Path) -> None:
    found = lines_of(tmp_path, "a,b\n" + "x" * (LONGEST_LINE * 3) + "\n1,2\n")
    assert [(line, fault) for line, _, fault in found] == [(1, False), (2, True), (3, False)]
    assert found[2][1] == ["1", "2"]
    assert len(found[1][1][0]) == 100


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=400) | st.text('a1,;"\n\r\t\x00å', max_size=300).map(str.encode))
def test_any_bytes_are_a_table_or_refused(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = write(tmp_path_factory.getbasetemp(), content)
    try:
        found = detect(path)
    except UnusableFile:
        return
    assert found.headers
    assert len(set(found.headers)) == len(found.headers)
    assert sum(1 for _ in records(path, found.encoding, found.delimiter)) >= 2
