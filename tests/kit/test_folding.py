"""The keys of search and order, and that the database makes the same ones."""

import unicodedata

import pytest

from ringdesk.kit.db import Database
from ringdesk.kit.folding import fold, is_cjk, sort_key


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("Åsa Öberg", "asa oberg"),
        ("  Eva \t Berg ", "eva berg"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("ﾀﾅｶ タロウ", "たなか たろう"),
        ("ガギグ", "がぎぐ"),
        ("Straße", "strasse"),
        ("Łukasz Đorđe", "lukasz dorde"),
        ("Nguyễn", "nguyen"),
        ("ΟΔΟΣ", "οδοσ"),
    ],
)
def test_search_ignores_case_accents_width_and_the_kind_of_kana(typed: str, searched: str) -> None:
    assert fold(typed) == searched


def test_voiced_kana_are_letters_of_their_own() -> None:
    assert fold("が") != fold("か")
    assert sort_key("が") != sort_key("か")


def test_swedish_names_are_ordered_as_in_a_swedish_directory() -> None:
    names = ["Örjan", "Zara", "anna", "Åke", "Ärla", "Éva", "Evan", "Bo"]
    assert sorted(names, key=sort_key) == ["anna", "Bo", "Éva", "Evan", "Zara", "Åke", "Ärla", "Örjan"]


def test_japanese_names_are_ordered_by_kana_of_either_kind_before_kanji() -> None:
    names = ["山田", "サトウ", "いとう", "あべ", "ｻｲﾄｳ", "すずき"]
    assert sorted(names, key=sort_key) == ["あべ", "いとう", "ｻｲﾄｳ", "サトウ", "すずき", "山田"]


def test_names_in_han_or_kana_are_told_from_others() -> None:
    assert is_cjk("山田")
    assert is_cjk("やまだ")
    assert not is_cjk("Åsa")


async def test_the_database_folds_every_character_as_the_program_does(db: Database) -> None:
    printable = [chr(code) for code in range(0x20, 0x30000) if unicodedata.category(chr(code))[0] in "LMNPS"]
    async with db.transaction() as uow:
        cursor = await uow.conn.execute("select v, fold('é' || v || 'é'), sort_key('é' || v || 'é') from unnest(%s::text[]) v", [printable])
        rows = await cursor.fetchall()
    assert len(rows) == len(printable)
    assert [v for v, folded, _ in rows if folded != fold(f"é{v}é")] == []
    assert [v for v, _, ordered in rows if ordered != sort_key(f"é{v}é")] == []
