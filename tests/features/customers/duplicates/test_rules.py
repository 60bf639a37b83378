"""Which cards are probably one customer's, and why (product.md 1.8)."""

from typing import Any

import pytest

from ringdesk.features.customers.duplicates.profiles import Profile, keys_of, organisation_of, place_of, profile_of, sound, words_of
from ringdesk.features.customers.duplicates.rules import SUGGESTED, Verdict, compare
from ringdesk.features.customers.schemas import Address

HOME = Address("Storgatan 4", "Umeå", "", "903 26", "SE", primary=True)


def card(first: str = "", last: str = "", *reaches: str, home: Address | None = None, company: str = "", **marks: Any) -> Profile:
    profile = profile_of(
        kind="company" if company else "person",
        first_name=first,
        last_name=last,
        company_name=company,
        addresses=[home] if home else [],
        attributes={},
        reaches=[("email" if "@" in reach else "phone", reach) for reach in reaches],
        definitions={},
    )
    return Profile(*(marks.get(name, getattr(profile, name)) for name in Profile.__struct_fields__))


def verdict(one: Profile, other: Profile, *, shared_by: int = 2, name_count: int = 2) -> Verdict:
    counts = dict.fromkeys((*one.phones, *one.emails), shared_by)
    there, back = compare(one, other, counts, name_count), compare(other, one, counts, name_count)
    assert there.score == back.score
    return there


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (card("Åsa", "Berg", "+46701"), card("Asa", "Berg", "+46701"), "same_phone"),
        (card("Åsa", "Berg", "+46701"), card("Åsa", "Bergh", "+46701"), "similar_name"),
        (card("Åsa", "Berg", "a.berg@example.com"), card("", "Berg", "a.berg@example.com"), "same_email"),
        (card("A", "Berg", "+46701"), card("Åsa", "Berg", "+46701"), "similar_name"),
        (card("Berg", "Åsa", "+46701"), card("Åsa", "Berg", "+46701"), "swapped_name"),
        (card("Åsa", "Berg", home=HOME), card("Åsa", "Berg", home=HOME), "same_address"),
        (card("花子", "山田", "+8190"), card("花子", "山田", "+8190"), "same_name"),
        (card("ハナコ", "ヤマダ", "+8190"), card("はなこ", "やまだ", "+8190"), "same_name"),
        (card("山田", "花子", "+8190"), card("花子", "山田", "+8190"), "swapped_name"),
        (card("Åsa", "Berg", dates={"born": "1972-03-08"}), card("Åsa", "Berg", dates={"born": "1972-08-03"}, home=HOME), "similar_value"),
        (card(company="Berg & Söner AB", home=HOME), card(company="Berg och Söner", home=HOME), "similar_company"),
        (card(company="株式会社山田商店", home=HOME), card(company="山田商店", home=HOME), "same_company"),
        (card("", "", "+46701"), card("Åsa", "Berg", "+46701"), "same_phone"),
    ],
)
def test_one_customer_is_recognised_with_the_reason(one: Profile, other: Profile, reason: str) -> None:
    found = verdict(one, other)
    assert found.score >= SUGGESTED
    assert reason in [each.code for each in found.reasons]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(card("Åsa", "Berg", "+46701", home=HOME), card("Nils", "Berg", "+46701", home=HOME), id="a couple"),
        pytest.param(card("Åsa", "Berg", "berg@example.com"), card("Nils", "Berg", "berg@example.com"), id="a shared mailbox"),
        pytest.param(card("Åsa", "Berg"), card("Åsa", "Berg"), id="namesakes"),
        pytest.param(
            card("Åsa", "Berg", home=HOME),
            card("Åsa", "Berg", home=Address("Nygatan 71", "Umeå", "", "903 26", "SE", primary=True)),
            id="namesakes of one quarter",
        ),
        pytest.param(card("Anders", "Berg", "+46701"), card("Anna", "Berg", "+46701"), id="first names that begin alike"),
        pytest.param(card(company="Berg AB", home=HOME), card(company="Lind AB", home=HOME), id="two companies of one house"),
        pytest.param(card("Åsa", "Berg", "+46701"), card(company="Lind AB", first="Åsa", last="Ek"), id="a person and a company"),
    ],
)
def test_two_customers_are_not_taken_for_one(one: Profile, other: Profile) -> None:
    assert verdict(one, other).score < SUGGESTED


def test_a_number_that_many_have_says_less() -> None:
    one, other = card("", "Berg", "+46701"), card("", "", "+46701")
    scores = [verdict(one, other, shared_by=count).score for count in (2, 5, 40)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < SUGGESTED <= scores[0]


def test_a_name_that_many_have_says_less() -> None:
    one, other = card("Anna", "Andersson", home=HOME), card("Anna", "Andersson", home=Address("", "Umeå", "", "903 26", "SE", primary=True))
    assert verdict(one, other, name_count=51).score < verdict(one, other, name_count=2).score


def test_the_strongest_reason_comes_first() -> None:
    found = verdict(card("Åsa", "Berg", "+46701", home=HOME), card("Åsa", "Berg", "+46701", home=HOME))
    assert [reason.code for reason in found.reasons] == ["same_phone", "same_address", "same_name"]
    assert found.reasons[0].value == "+46701"


def test_cards_of_one_customer_meet_under_a_key() -> None:
    pairs = [
        (card("Åsa", "Berg"), card("Berg", "Asa")),
        (card("Åsa", "Berg", home=HOME), card("Ossian", "Bergh", home=HOME)),
        (card("Kristina", "Ek"), card("Christina", "Ek")),
        (card("", "Lindström", home=HOME), card("Eva", "Lindstrom", home=HOME)),
    ]
    for one, other in pairs:
        assert set(keys_of(one)) & set(keys_of(other)), (one, other)


def test_what_is_compared_is_folded() -> None:
    assert words_of(" Ｅｖａ-Lisa  Öberg") == "eva lisa oberg"
    assert organisation_of("Berg & Söner AB") == "berg soner"
    assert organisation_of("AB") == "ab"
    assert sound("christoffersson") == sound("kristofersson")
    assert place_of(HOME).numbers == "4"


def test_a_person_is_a_companys_card_only_where_that_names_them() -> None:
    shop = card("Åsa", "Berg", "+46701", home=HOME, company="Bergs Blommor AB")
    assert verdict(shop, card("Åsa", "Berg", "+46701", home=HOME)).score >= SUGGESTED
    assert verdict(shop, card("Nils", "Ek", "+46701", home=HOME)).score < SUGGESTED
