"""The import of a file, as a supervisor does it (product.md 1.7)."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import FilePayload, expect

from tests.e2e.centre import Centre

# As a Swedish spreadsheet writes it: semicolons, its own headings, Latin-1; two rows cannot be taken.
ROWS = """Förnamn;Efternamn;Telefon;E-post;Ort;Anteckning
Åsa;Nordh-Öberg;070-174 06 05;asa.nordh@example.se;Umeå;
Björn;Nordh-Öberg;08-123 456 789 012 345 678;bjorn.nordh@example.se;Umeå;telefonen stämmer inte
Çelik;Nordh-Öberg;;celik.nordh@example.se;Malmö;
Disa;Nordh-Öberg;;ingen adress;Malmö;
"""
FILE: FilePayload = {"name": "kunder från registret.csv", "mimeType": "text/csv", "buffer": ROWS.encode("latin-1")}


async def test_a_supervisor_brings_in_a_swedish_file(centre: Centre, tmp_path: Path) -> None:
    async with centre.sven.browsing("/customers") as page:
        await page.get_by_role("link", name="Import").click()
        async with page.expect_file_chooser() as choosing:
            await page.get_by_role("button", name="Choose a file").click()
        await (await choosing.value).set_files(FILE)

        form = page.get_by_role("region", name="Columns of kunder från registret.csv")
        for header, field in (("Förnamn", "First name"), ("Efternamn", "Last name"), ("Telefon", "Phone 1"), ("E-post", "E-mail")):
            await expect(form.get_by_role("combobox", name=f"Field for the column {header}", exact=True)).to_have_value(field)
        await expect(form.get_by_role("combobox", name="Field for the column Anteckning", exact=True)).to_have_value("")
        await expect(form.get_by_role("row", name="Förnamn")).to_contain_text("Åsa")
        await form.get_by_role("button", name="Start the import").click()

        line = page.get_by_role("article", name="kunder från registret.csv")
        await expect(line).to_contain_text("Done")
        await expect(line).to_contain_text("4 read, 2 created, 2 refused")
        async with page.expect_download() as downloading:
            await line.get_by_role("link", name="Download the 2 refused rows").click()
        refused = tmp_path / "refused.csv"
        await (await downloading.value).save_as(refused)
        lines = refused.read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == 3
        assert "Björn" in lines[1]
        assert "Disa" in lines[2]

        await page.get_by_role("link", name="Customers").last.click()
        await page.get_by_role("searchbox").fill("nordh-öberg")
        await expect(page.get_by_role("navigation", name="Pages").get_by_role("status")).to_have_text("1–2 of 2")


async def test_an_agent_sees_no_import(centre: Centre) -> None:
    async with centre.aiko.browsing("/customers/import") as page:
        await expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
        await expect(page.get_by_role("button", name="New customer")).to_be_visible()
        await expect(page.get_by_role("link", name="Import")).to_have_count(0)
        await expect(page.get_by_role("button", name="Choose a file")).to_have_count(0)
