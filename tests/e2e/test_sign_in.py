"""The way in."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.centre import Centre, telling_more
from tests.e2e.desk import Desk
from tests.support.people import PASSWORD


async def _sign_in(page: Page, email: str, password: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.keyboard.press("Enter")


async def test_a_wrong_password_is_told_and_the_right_one_opens_the_desk(centre: Centre) -> None:
    profile = await centre.new_profile()
    page = await profile.new_page()
    async with telling_more(page):
        await page.goto(centre.url)
        await expect(page.get_by_label("E-mail")).to_be_focused()
        await _sign_in(page, centre.bilal.email, "not this one")
        await expect(page.get_by_role("alert")).to_contain_text("password")
        await expect(page.get_by_label("E-mail")).to_have_value(centre.bilal.email)
        await _sign_in(page, centre.bilal.email, PASSWORD)
        await Desk(page).is_live()
        await expect(page.get_by_text("No customer selected")).to_be_visible()
        await Desk(page).run("Sign out")
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await profile.close()


async def test_the_telephone_icon_logs_in_to_cti_and_out(centre: Centre) -> None:
    async with centre.sven.browsing() as page:
        desk = Desk(page)
        await desk.call_bar.get_by_role("button", name="Log in").click()
        await expect(desk.call_bar.get_by_text("Ready")).to_be_visible()
        await desk.call_bar.get_by_role("button", name="Ready").click()
        await page.get_by_role("menuitem", name="Log out").click()
        await expect(desk.call_bar.get_by_text("Logged out")).to_be_visible()
