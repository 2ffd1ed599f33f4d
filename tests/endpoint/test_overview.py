"""What a reader sees at once: key figures and a picture on the first page, and the neighbours of a thing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import TYPE_CHECKING

from chaingraph.endpoint.pages.neighbour_picture import MOST_NEIGHBOURS, neighbour_picture, neighbours_in
from chaingraph.endpoint.workers.membership_picture import MOST_NODES, membership_picture
from chaingraph.store import KnowledgeGraph
from tests.endpoint.client import ORGANIZATION, page

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

SVG = "{http://www.w3.org/2000/svg}"


def test_the_first_page_says_what_is_known_reported_and_unknown(client: httpx.Client) -> None:
    text = page(client, "/", **{"Accept-Language": "en"})
    figures = re.findall(r'<span class="badge (\w+)">\w+</span> <a href="([^"]*)"><bdi>([^<]*)</bdi>', text)
    assert [(basis, sentence) for basis, _, sentence in figures] == [
        (
            "reported",
            "Pilot construction of innovation consortia in Jiangsu (first batch): sources report 10 consortia "
            "(5 known by name), 136 organizations (9 known by name), 154 platforms (0 known by name), "
            "152 projects (0 known by name).",
        ),
        ("known", "12 organizations lead 12 consortia."),
        ("unknown", "Of 10 of 22 consortia no source says who leads."),
        ("known", "1 organizations are in two or more consortia."),
        ("known", "38 of 56 stages of the chains are held by somebody known by name."),
        ("unknown", "Of 18 stages no source says who holds them."),
    ]
    for _, href, _ in figures:
        assert client.get(href.replace("&amp;", "&"), headers={"Accept": "text/html"}).status_code == 200


def test_the_picture_is_an_image_without_scripts_that_is_made_once_per_version(client: httpx.Client) -> None:
    response = client.get("/picture.svg?lang=en")
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    texts = [one.text for one in ET.fromstring(response.content).iter(f"{SVG}text")]
    assert texts[-1] == "15 of 22 consortia; those without a member known by name are not drawn."
    assert client.get("/picture.svg?lang=en", headers={"If-None-Match": response.headers["etag"]}).status_code == 304
    assert 'src="/picture.svg?lang=en"' in page(client, "/", **{"Accept-Language": "en"})


def test_names_in_the_picture_are_text(tmp_path: Path) -> None:
    (tmp_path / "consortia.csv").write_text("id,name\nc,</text><script>alert(1)</script>\n", encoding="utf-8")
    (tmp_path / "organizations.csv").write_text("id,name\na,甲&乙\n", encoding="utf-8")
    (tmp_path / "memberships.csv").write_text("organization,consortium,role\na,c,lead\n", encoding="utf-8")
    svg = membership_picture(KnowledgeGraph.open(tmp_path), "zh").decode()
    assert "<script" not in svg
    assert "甲&amp;乙" in svg


def test_a_picture_of_many_consortia_draws_the_largest_and_counts_the_rest(tmp_path: Path) -> None:
    sizes = [5 + number for number in range(40)]
    members = [(f"o{number}-{one}", f"c{number}") for number, size in enumerate(sizes) for one in range(size)]
    (tmp_path / "consortia.csv").write_text("id,name\n" + "".join(f"c{n},Consortium {n}\n" for n in range(40)))
    (tmp_path / "organizations.csv").write_text("id,name\n" + "".join(f"{one},Firm {one}\n" for one, _ in members))
    (tmp_path / "memberships.csv").write_text(
        "organization,consortium,role\n" + "".join(f"{one},{of},member\n" for one, of in members)
    )
    svg = ET.fromstring(membership_picture(KnowledgeGraph.open(tmp_path), "en"))
    circles, texts = list(svg.iter(f"{SVG}circle")), [one.text for one in svg.iter(f"{SVG}text")]
    assert len(circles) <= MOST_NODES
    # 44, 43, 42, 41 and 40 members with their consortia are 215 nodes; of the others only one of up to 24 fits.
    assert texts[-1] == "6 of 40 consortia; those without a member known by name are not drawn."


def test_the_neighbours_of_a_thing_are_drawn_with_links_and_their_number(client: httpx.Client) -> None:
    record = client.get(f"{ORGANIZATION}.json").json()
    around = neighbours_in(record)
    names = [one.name["zh"] for one in around.shown]
    assert names[:3] == ["江苏省半导体产业技术创新联合体", "28纳米芯片先进封装技术产品", "市北先进封测基地项目"]
    assert [one.leads for one in around.shown][:2] == [True, False]
    assert {one.class_name for one in around.shown} == {
        "Consortium",
        "Project",
        "Product",
        "Organization",
        "Stage",
        "Region",
    }
    text = page(client, ORGANIZATION, **{"Accept-Language": "zh"})
    for svg in re.findall(r'<svg class="neighbours.*?</svg>', text, re.DOTALL):
        links = [href for href, _ in re.findall(r'<a href="([^"]*)"><title>([^<]*)</title>', svg)]
        assert len(links) == len(around.shown)
        assert all(client.get(href).status_code == 200 for href in links[:2])
    assert f"图中有 {len(around.shown)} 个相邻对象" in text


def test_of_many_neighbours_the_rest_is_counted() -> None:
    groups = [
        {
            "class": name,
            "zh": name,
            "en": name,
            "count": count,
            "rows": [
                {"ends": [{"property": None, "iri": f"urn:{name}{one}", "zh": "名", "en": "name"}], "details": []}
                for one in range(12)
            ],
        }
        for name, count in (("Organization", 60), ("Platform", 12), ("Project", 12), ("Event", 12), ("Claim", 9))
    ]
    around = neighbours_in({"iri": "urn:x", "relations": groups, "attributes": []})
    assert len(around.shown) == MOST_NEIGHBOURS == 40
    assert around.rest == (48 - 40) + (60 - 12)


def test_no_two_texts_of_a_picture_of_neighbours_overlap(client: httpx.Client) -> None:
    record = client.get("/thing/cn/regions/jiang-su-sheng.json").json()
    for language in ("zh", "en"):
        for width, sides in ((760, 2), (345, 1)):
            picture = neighbour_picture(neighbours_in(record).shown, language, width=width, sides=sides)
            by_side: dict[str, list[float]] = {}
            for one in picture.places:
                by_side.setdefault(one.anchor, []).append(one.y)
                edge = one.x + (1 if one.anchor == "start" else -1) * 13 * (
                    0.98 * len(one.text) if language == "zh" else 0
                )
                assert -14 <= edge <= width + 14
            for rows in by_side.values():
                assert min((below - above for above, below in pairwise(rows)), default=23) >= 22


def test_hostile_names_are_text_in_the_picture_of_neighbours(hostile: httpx.Client) -> None:
    text = page(hostile, "/thing/a/consortia/one")
    assert '<svg class="neighbours' in text
    assert "<script>alert" not in text
