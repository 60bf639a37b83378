"""The import of a file, as a supervisor does it, by keyboard where it matters (product.md 1.7)."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import FilePayload, Page, expect

from tests.e2e.centre import Centre

# As a Swedish spreadsheet writes it: semicolons, its own headings, Latin-1; two rows cannot be taken.
ROWS = """Förnamn;Efternamn;Telefon;E-post;Ort;Anteckning
Åsa;Nordh-Öberg;070-174 06 05;asa.nordh@example.se;Umeå;
Björn;Nordh-Öberg;4.67E+10;bjorn.nordh@example.se;Umeå;telefonen stämmer inte
Çelik;Nordh-Öberg;;celik.nordh@example.se;Malmö;
Disa;Nordh-Öberg;;ingen adress;Malmö;
Åsa Maria;Nordh-Öberg;;asa.nordh@example.se;Luleå;
"""
FILE: FilePayload = {"name": "kunder från registret.csv", "mimeType": "text/csv", "buffer": ROWS.encode("latin-1")}


CHANGE_COMPANY = """async (email) => {
    const found = await (await fetch(`/api/v1/customers/lookup?email=${email}`)).json();
    const { id, version } = found.matches[0].customer;
    const headers = { 'content-type': 'application/json', 'if-match': `"${version}"` };
    const body = JSON.stringify({ company_name: 'Nordh AB' });
    return (await fetch(`/api/v1/customers/${id}`, { method: 'PATCH', headers, body })).status;
}"""


async def choose(page: Page) -> None:
    """The file is uploaded; its columns are shown."""
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Choose a file").click()
    await (await choosing.value).set_files(FILE)
    await expect(page.get_by_role("region", name="Columns of kunder från registret.csv")).to_be_visible()


async def figures(page: Page) -> dict[str, str]:
    """What would happen, by its name."""
    names = await page.get_by_role("term").all_inner_texts()
    values = await page.get_by_role("definition").all_inner_texts()
    return dict(zip(names, values, strict=True))


async def test_a_supervisor_brings_in_a_swedish_file_and_takes_it_back(centre: Centre, tmp_path: Path) -> None:
    async with centre.sven.browsing("/customers") as page:
        await page.get_by_role("link", name="Import").click()
        await choose(page)

        form = page.get_by_role("region", name="Columns of kunder från registret.csv")
        for header, field in (("Förnamn", "First name"), ("Efternamn", "Last name"), ("Telefon", "Phone 1"), ("E-post", "E-mail")):
            await expect(form.get_by_role("combobox", name=f"Field for the column {header}", exact=True)).to_have_value(field)
        await expect(form.get_by_role("combobox", name="Field for the column Anteckning", exact=True)).to_have_value("")
        await expect(form.get_by_role("row", name="Förnamn")).to_contain_text("Åsa")
        await expect(form.get_by_role("combobox", name="Recognise by")).to_have_value("E-mail")
        await form.get_by_role("combobox", name="Then").click()
        await page.get_by_role("option", name="Update: what the row says overwrites").click()
        await form.get_by_role("button", name="Check the file").click()

        # Everything is known before anything is written.
        await expect(page.get_by_role("heading", name="This is what would happen")).to_be_focused()
        assert await figures(page) == {
            "New customers": "2",
            "Rows that change a customer": "1",
            "Rows left out": "0",
            "Rows refused": "2",
            "Rows in the file": "5",
            "Known already": "0",
            "About one of an earlier row": "1",
            "Without the key, so new": "0",
        }
        refused = page.get_by_role("table", name="The 2 refused rows")
        await expect(refused.get_by_role("row").nth(1)).to_contain_text("The spreadsheet rounded this number")
        await expect(refused.get_by_role("row").nth(2)).to_contain_text("Write an e-mail address")
        address = page.url
        await page.reload()
        await expect(page.get_by_role("heading", name="This is what would happen")).to_be_visible()

        start = page.get_by_role("button", name="Start the import")
        await start.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="The import is done")).to_be_visible()
        await expect(page.get_by_text("5 read, 2 created, 1 updated, 2 refused")).to_be_visible()
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="Download the 2 refused rows").click()
        kept = tmp_path / "refused.csv"
        await (await downloading.value).save_as(kept)
        lines = kept.read_text(encoding="utf-8-sig").splitlines()
        assert [line.split(";")[0] for line in lines] == ["Förnamn", "Björn", "Disa"]

        await page.get_by_role("link", name="Show the customers").click()
        await page.get_by_role("searchbox").fill("nordh-öberg")
        await expect(page.get_by_role("navigation", name="Pages").get_by_role("status")).to_have_text("1–2 of 2")

        await page.goto(address)
        undo = page.get_by_role("button", name="Undo the import")
        await expect(undo).to_have_accessible_description(
            "Removes the 2 new customers and gives the changed one its old values back. What people changed since stays."
        )
        await undo.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="The import was undone")).to_be_visible()
        await expect(page.get_by_text("2 customers removed")).to_be_visible()
        await page.goto(f"{address[: address.index('/import')]}?q=nordh-öberg")
        await expect(page.get_by_text("No customer matches")).to_be_visible()


async def test_what_somebody_changed_after_the_import_is_listed_by_its_undo(centre: Centre) -> None:
    async with centre.sven.browsing("/customers/import") as page:
        await choose(page)
        await page.get_by_role("button", name="Check the file").click()
        await page.get_by_role("button", name="Start the import").click()
        await expect(page.get_by_role("heading", name="The import is done")).to_be_visible()
        changed = await page.evaluate(CHANGE_COMPANY, "celik.nordh@example.se")
        assert changed == 200
        await page.get_by_role("button", name="Undo the import").click()
        kept = page.get_by_role("region", name="Kept, since people changed or used it")
        await expect(kept.get_by_role("listitem")).to_contain_text("Çelik Nordh-Öberg")
        await expect(kept.get_by_role("listitem")).to_contain_text("Company: changed by Sven")


async def test_an_agent_sees_no_import(centre: Centre) -> None:
    async with centre.aiko.browsing("/customers/import") as page:
        await expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
        await expect(page.get_by_role("button", name="New customer")).to_be_visible()
        await expect(page.get_by_role("link", name="Import")).to_have_count(0)
        await expect(page.get_by_role("button", name="Choose a file")).to_have_count(0)
