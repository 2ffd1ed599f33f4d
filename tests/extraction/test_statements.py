"""Memberships that are denied, planned or ended, platforms, counts and stages, in both languages; written for this."""

from __future__ import annotations

import pytest

from tests.extraction.proposals import rows

pytest.importorskip("opencc")


@pytest.mark.parametrize(
    ("text", "role", "organization", "status"),
    [
        ("西溪泵业有限公司并非东海省膜材料创新联合体成员单位。", "member", "西溪泵业有限公司", "denied"),
        ("西溪泵业有限公司否认加入东海省膜材料创新联合体。", "member", "西溪泵业有限公司", "denied"),
        ("西溪泵业有限公司尚未加入东海省膜材料创新联合体。", "member", "西溪泵业有限公司", "denied"),
        ("西溪泵业有限公司未入选东海省膜材料创新联合体成员单位。", "member", "西溪泵业有限公司", "denied"),
        ("北湖大学正申请加入东海省膜材料创新联合体。", "member", "北湖大学", "planned"),
        ("东山膜业有限公司计划牵头组建东海省膜材料创新联合体。", "lead", "东山膜业有限公司", "planned"),
        ("东海省膜材料创新联合体不再由东山膜业有限公司牵头。", "lead", "东山膜业有限公司", "ended"),
        ("东海省膜材料创新联合体的东山膜业有限公司被取消牵头单位资格。", "lead", "东山膜业有限公司", "ended"),
        ("东海省膜材料创新联合体秘书处拟设在北湖大学。", "office", "北湖大学", "planned"),
        ("Foxley Pumps Ltd is not a member of the Coastline Consortium.", "member", "Foxley Pumps Ltd", "denied"),
        (
            "Foxley Pumps Ltd denied that it had joined the Coastline Consortium.",
            "member",
            "Foxley Pumps Ltd",
            "denied",
        ),
        ("The Coastline Consortium plans to admit Foxley Pumps Ltd.", "member", "Foxley Pumps Ltd", "planned"),
        ("Foxley Pumps Ltd is no longer a partner of the Coastline Consortium.", "member", "Foxley Pumps Ltd", "ended"),
    ],
)
def test_a_membership_that_is_denied_planned_or_ended_is_a_claim(
    text: str, role: str, organization: str, status: str
) -> None:
    assert rows(text, "claims", "property", "value", "status") == [(role, organization, status)]
    assert rows(text, "memberships", "organization") == []


@pytest.mark.parametrize(
    ("text", "subject", "property_", "value"),
    [
        ("“高性能反渗透膜”项目未获立项。", "高性能反渗透膜", "status", "active"),
        ("The application of the Harbour Consortium was turned down.", "Harbour Consortium", "status", "active"),
        (
            "The Harbour Consortium did not receive funding from the Regional Innovation Fund.",
            "Harbour Consortium",
            "programme",
            "Regional Innovation Fund",
        ),
    ],
)
def test_what_was_refused_is_a_denied_claim(text: str, subject: str, property_: str, value: str) -> None:
    columns = ("subject", "property", "value", "status")
    assert rows(text, "claims", *columns) == [(subject, property_, value, "denied")]


@pytest.mark.parametrize(
    ("text", "name", "host"),
    [
        (
            "The Tidal Test Centre, run jointly by Acme Power Ltd and the University of Northmoor, opened.",
            "Tidal Test Centre",
            "Acme Power Ltd;University of Northmoor",
        ),
        (
            "The Key Laboratory of Membrane Materials relies on the University of Northmoor.",
            "Key Laboratory of Membrane Materials",
            "University of Northmoor",
        ),
        (
            "Relying on Acme Power Ltd, the Engineering Research Center for Membranes was established.",
            "Engineering Research Center for Membranes",
            "Acme Power Ltd",
        ),
        (
            "Acme Power Ltd was approved to build the National Membrane Innovation Center.",
            "National Membrane Innovation Center",
            "Acme Power Ltd",
        ),
    ],
)
def test_english_platforms_have_the_hosts_that_run_them(text: str, name: str, host: str) -> None:
    assert rows(text, "platforms", "name", "host") == [(name, host)]


def test_english_numbers_in_words_are_counts() -> None:
    text = "The Coastline Consortium has twenty-four members and around forty researchers."
    assert rows(text, "reported", "counts", "value", "qualifier") == [
        ("organizations", 24, "exactly"),
        ("persons", 40, "about"),
    ]


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        (
            "产业链上单体合成、膜片制备分别由北湖化工有限公司、东山膜业有限公司承担。",
            [("单体合成", "北湖化工有限公司"), ("膜片制备", "东山膜业有限公司")],
        ),
        (
            "产业链分工：单体合成——北湖化工有限公司；膜片制备——东山膜业有限公司。",
            [("单体合成", "北湖化工有限公司"), ("膜片制备", "东山膜业有限公司")],
        ),
        (
            "Upstream, Acme Power Ltd makes membranes; downstream, Foxley Pumps Ltd assembles pumps.",
            [("membranes", "Acme Power Ltd"), ("pumps", "Foxley Pumps Ltd")],
        ),
    ],
)
def test_links_of_the_chain_are_held_by_those_that_are_named_for_them(text: str, stages: list[tuple[str, str]]) -> None:
    assert rows(text, "stage_roles", "stage", "organization") == stages


def test_a_platform_that_is_being_built_leaves_its_consortium_as_it_is() -> None:
    text = "东海省膜材料创新联合体的膜材料中试平台正在筹建。"
    assert rows(text, "consortia", "name", "status") == [("东海省膜材料创新联合体", None)]
    assert rows(text, "platforms", "name", "status") == [("膜材料中试平台", "planned")]


@pytest.mark.parametrize(
    ("text", "platforms", "claims"),
    [
        (
            "东山膜材料技术创新中心入选江苏省产业创新专项。",
            [("东山膜材料技术创新中心", "江苏省产业创新专项")],
            [],
        ),
        (
            "东山膜材料技术创新中心拟列入江苏省产业创新专项。",
            [],
            [("东山膜材料技术创新中心", "江苏省产业创新专项", "planned")],
        ),
        (
            "东山膜材料技术创新中心未列入江苏省产业创新专项。",
            [],
            [("东山膜材料技术创新中心", "江苏省产业创新专项", "denied")],
        ),
        ("各技术创新中心可申请列入江苏省产业创新专项。", [], []),
        (
            "The Foxley Innovation Centre was approved under the Coastal Materials Programme.",
            [("Foxley Innovation Centre", "Coastal Materials Programme")],
            [],
        ),
    ],
)
def test_the_programme_under_which_a_platform_was_approved(
    text: str, platforms: list[tuple[object, ...]], claims: list[tuple[object, ...]]
) -> None:
    stated = [row for row in rows(text, "platforms", "name", "programme") if row[1] is not None]
    said = [row[1:] for row in rows(text, "claims", "property", "subject", "value", "status") if row[0] == "programme"]
    assert (stated, said) == (platforms, claims)
