"""Sensitive values on the card, everything about a customer as a file, and erasure: as people do it, by keyboard."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import expect

from tests.e2e.centre import Centre
from tests.e2e.test_accessibility import LOOKS, clean

pytestmark = [pytest.mark.e2e, pytest.mark.once]
MASK = "••••••••"


async def test_a_hidden_value_is_shown_with_a_reason_and_the_customer_handed_over_and_erased(centre: Centre, tmp_path: Path) -> None:
    passport = {"label": "Passport", "type": {"type": "text"}, "privacy": "sensitive"}
    made = await centre.ada.ask("POST", "/customer-attributes", passport)
    fields = {"first_name": "Frank", "last_name": "Churchill", "attributes": {made["key"]: "P-1815"}}
    card = await centre.aiko.ask("POST", "/customers", fields)
    path = f"/desk/customers/{card['id']}"

    async with centre.aiko.browsing(path) as page:
        region = page.get_by_role("region", name="Customer fields")
        await expect(region.get_by_text(MASK)).to_be_visible()
        await expect(region.get_by_role("button", name="Show Passport")).to_have_count(0)
        await page.get_by_role("button", name="More about this customer").click()
        await expect(page.get_by_role("menuitem")).to_have_text(["Merge with another customer…"])
        await page.keyboard.press("Escape")
        # A new value is written without seeing the old one.
        await region.locator('[data-field="attributes.passport"]').focus()
        await page.keyboard.press("F2")
        box = region.get_by_role("textbox", name="Passport")
        await expect(box).to_have_value("")
        await box.fill("P-1816")
        await page.keyboard.press("Enter")
        await expect(region.get_by_role("status", name="Saved")).to_be_visible()
        await expect(region.get_by_text(MASK)).to_be_visible()

    async with centre.ada.browsing(path) as page:
        region = page.get_by_role("region", name="Customer fields")
        await region.get_by_role("button", name="Show Passport").press("Enter")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("textbox", name="Reason")).to_be_focused()
        await page.keyboard.type("The customer reads it out")
        await page.keyboard.press("Enter")
        await expect(region.get_by_text("P-1816")).to_be_visible()
        await expect(region.get_by_text(re.compile(r"hides in \d+ s"))).to_be_visible()
        await expect(dialog).to_have_count(0)
        await clean(page, "a shown value", LOOKS["light"])
        await region.get_by_role("button", name="Hide Passport").press("Enter")
        await expect(region.get_by_text("P-1816")).to_have_count(0)

        menu = page.get_by_role("button", name="More about this customer")
        await menu.click()
        await page.get_by_role("menuitem", name="Hand over everything…").click()
        await dialog.get_by_role("textbox", name="Reason").fill("Asked by letter")
        async with page.expect_download() as download:
            await dialog.get_by_role("button", name="Save file").click()
        file = tmp_path / "dossier.zip"
        await (await download.value).save_as(file)
        with ZipFile(file) as archive:
            assert "P-1816" in archive.read(f"customer-{card['number']}.html").decode()

        await menu.click()
        await page.get_by_role("menuitem", name="Erase for good…").click()
        erase = dialog.get_by_role("button", name="Erase for good")
        await dialog.get_by_role("textbox", name="Reason").fill("Asked by letter")
        await expect(erase).to_be_disabled()
        await clean(page, "the dialog that erases", LOOKS["light"])
        await dialog.get_by_label("Type the customer number").fill(str(card["number"]))
        await erase.click()
        await expect(page.get_by_role("heading", name="This customer was erased")).to_be_visible()
        await expect(page.get_by_text("Frank Churchill")).to_have_count(0)
        await clean(page, "what is left", LOOKS["light"])

    async with centre.aiko.browsing(path) as page:
        await expect(page.get_by_role("heading", name="This customer was erased")).to_be_visible()
        await expect(page.get_by_text("Asked by letter")).to_be_visible()
    await centre.ada.ask("DELETE", f"/customer-attributes/{made['id']}")


async def test_erasures_are_listed_for_administrators(centre: Centre, tmp_path: Path) -> None:
    card = await centre.aiko.ask("POST", "/customers", {"first_name": "Willoughby"})
    async with centre.ada.browsing("/administration/erasures") as page:
        await expect(page.get_by_role("heading", name="Erasures")).to_be_visible()
        # One that is made elsewhere comes without reloading.
        erase = {"reason": "Letter of 5 November", "confirm": card["number"]}
        await centre.ada.ask("POST", f"/customers/{card['id']}/erase", erase)
        row = page.get_by_role("row").filter(has_text="Letter of 5 November")
        await expect(row).to_contain_text(str(card["number"]))
        await expect(row).to_contain_text("Ada")
        await clean(page, "the list of erasures", LOOKS["light"])
        await page.get_by_role("searchbox", name="Search reasons, people or numbers").fill("5 november")
        await expect(page.get_by_role("row").filter(has_text="Asked by letter")).to_have_count(0)
        await expect(row).to_be_visible()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Export").click()
        file = tmp_path / "erasures.csv"
        await (await download.value).save_as(file)
        assert file.read_text(encoding="utf-8-sig").count("\n") == 2
        assert "Willoughby" not in await page.locator("body").inner_text()
