"""How the built desktop is served."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from ringdesk.web import desktop as serving
from ringdesk.web.desktop import Desktop


@pytest_asyncio.fixture
async def browser(client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application with a small build."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Ringdesk</title>")
    (tmp_path / "assets" / "app-a1b2c3.js").write_text("export const x = 1;\n" * 200)
    (tmp_path / "icon.svg").write_text("<svg/>")
    monkeypatch.setattr(serving, "desktop", Desktop(tmp_path))
    yield client


@pytest.mark.parametrize("path", ["/", "/customers", "/customers/0190-x", "/admin/keys"])
async def test_every_address_of_a_page_gets_the_start_page_asked_for_again_each_time(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert "<title>Ringdesk</title>" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    again = await browser.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_built_file_is_kept_for_ever_and_sent_small(browser: httpx.AsyncClient) -> None:
    async with browser.stream("GET", "/assets/app-a1b2c3.js", headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] in {"text/javascript; charset=utf-8", "application/javascript; charset=utf-8"}
    assert gzip.decompress(raw).startswith(b"export const")
    plain = await browser.get("/assets/app-a1b2c3.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    "path", ["/assets/gone-000.js", "/favicon.ico", "/api/v1/nothing", "/api/v2/customers", "/..%2f..%2fcli.py", "/assets/../../cli.py"]
)
async def test_what_is_not_there_is_not_the_start_page(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_new_build_is_served_at_once(browser: httpx.AsyncClient, tmp_path: Path) -> None:
    await browser.get("/")
    (tmp_path / "index.html").write_text("<!doctype html><title>Newer</title>")
    assert "Newer" in (await browser.get("/")).text


def test_a_link_out_of_the_folder_leads_nowhere(tmp_path: Path) -> None:
    build = tmp_path / "build"
    build.mkdir()
    (tmp_path / "secret.key").write_text("x")
    (build / "key.txt").symlink_to(tmp_path / "secret.key")
    assert Desktop(build).find("/key.txt") is None
