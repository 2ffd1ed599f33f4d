"""A client of the pages without a browser."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from chaingraph.endpoint.pages.rendering import POLICY
from tests.endpoint.hostility import ID

if TYPE_CHECKING:
    import httpx

PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ORGANIZATION = "/thing/cn/organizations/tong-fu-wei-dian"
SCRIPT = {
    "iri": f"{ID}/a/organizations/script",
    "class": "Organization",
    "name": "<script>alert('甲')</script>",
    "name_zh": "<script>alert('甲')</script>",
    "name_en": '=HYPERLINK("http://evil.example/","x")',
    "aliases": [],
    "page": "/thing/a/organizations/script",
}
"""A thing of the hostile graph, as a search lists it."""


def page(client: httpx.Client, address: str, **headers: str) -> str:
    """Return the HTML of a page, which must come with the policy of every page."""
    response = client.get(address, headers=PAGE | headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == POLICY
    return response.text


def rows(client: httpx.Client, address: str) -> list[list[str]]:
    """Return the rows of a CSV file, which must begin with a byte order mark."""
    content = client.get(address).content
    assert content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
