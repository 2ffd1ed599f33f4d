"""The class diagram of the ontology, as SVG: where each class stands in the picture, and which ties are drawn.

Boxes and ties are laid out by hand; what they are called is read from the ontology, and a tie is drawn only between
classes that the ontology lets its property join.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH, HEIGHT = 1410, 800
BOX_WIDTH, BOX_HEIGHT = 196, 52


@dataclass(frozen=True)
class Box:
    """A class in the picture, by its centre."""

    name: str
    x: int
    y: int
    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT
    subclasses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tie:
    """A property, or a relation class, drawn as a line through points, with its label at a place near the line."""

    name: str
    source: str
    target: str
    points: tuple[tuple[int, int], ...]
    label_at: tuple[int, int]
    relation: bool = False


BOXES = (
    Box("Programme", 120, 44),
    Box("Consortium", 414, 44),
    Box("Platform", 706, 44),
    Box("Project", 1000, 44),
    Box("Event", 1290, 44),
    Box(
        "Organization",
        560,
        254,
        width=488,
        height=184,
        subclasses=(
            "Enterprise",
            "University",
            "ResearchInstitute",
            "GovernmentBody",
            "LeadingEnterprise",
            "UpstreamSubject",
            "MidstreamSubject",
            "DownstreamSubject",
        ),
    ),
    Box("Cluster", 1290, 214),
    Box("Region", 120, 460),
    Box("Product", 414, 460),
    Box("Stage", 706, 460),
    Box("Chain", 1000, 460),
    Box("Industry", 1000, 558),
)
EVIDENCE = (
    Box("ReportedCount", 120, 620),
    Box("Recognition", 332, 620),
    Box("Claim", 120, 682),
    Box("Amount", 332, 682),
    Box("Identity", 120, 744),
    Box("Quote", 610, 682, width=168),
    Box("Source", 880, 682, width=168),
)
TIES = (
    Tie("programme", "Consortium", "Programme", ((316, 44), (218, 44)), (267, 34)),
    Tie("consortium", "Platform", "Consortium", ((608, 44), (512, 44)), (560, 34)),
    Tie("platform", "Project", "Platform", ((902, 44), (804, 44)), (853, 34)),
    Tie("project", "Event", "Project", ((1192, 44), (1098, 44)), (1145, 34)),
    Tie("Membership", "Organization", "Consortium", ((414, 162), (414, 70)), (414, 116), relation=True),
    Tie("hostedBy", "Platform", "Organization", ((706, 70), (706, 162)), (744, 119)),
    Tie("Participation", "Organization", "Project", ((804, 196), (1000, 196), (1000, 70)), (1000, 136), relation=True),
    Tie("authority", "Programme", "Organization", ((120, 70), (120, 196), (316, 196)), (214, 186)),
    Tie("region", "Organization", "Region", ((316, 256), (120, 256), (120, 434)), (214, 246)),
    Tie(
        "Cooperation",
        "Organization",
        "Organization",
        ((316, 290), (206, 290), (206, 338), (316, 338)),
        (206, 314),
        relation=True,
    ),
    Tie("Site", "Organization", "Cluster", ((804, 214), (1192, 214)), (1098, 214), relation=True),
    Tie(
        "Shareholding",
        "Organization",
        "Organization",
        ((804, 234), (930, 234), (930, 278), (804, 278)),
        (930, 256),
        relation=True,
    ),
    Tie(
        "Hierarchy",
        "Organization",
        "Organization",
        ((804, 294), (930, 294), (930, 338), (804, 338)),
        (930, 316),
        relation=True,
    ),
    Tie("Supply", "Organization", "Product", ((414, 346), (414, 434)), (414, 390), relation=True),
    Tie("StageRole", "Organization", "Stage", ((706, 346), (706, 434)), (706, 390), relation=True),
    Tie("stage", "Product", "Stage", ((512, 460), (608, 460)), (560, 450)),
    Tie("chain", "Stage", "Chain", ((804, 460), (902, 460)), (853, 450)),
    Tie("industry", "Chain", "Industry", ((1000, 486), (1000, 532)), (1048, 507)),
    Tie("source", "Quote", "Source", ((694, 682), (796, 682)), (745, 672)),
)
CLASSES = {box.name for box in BOXES + EVIDENCE} | {name for box in BOXES for name in box.subclasses} | {
    tie.name for tie in TIES if tie.relation
}  # fmt: skip


def diagram(label: Callable[[str], tuple[str, str]]) -> Markup:
    """Return the picture as SVG; ``label`` gives the Chinese and English label of a term."""
    parts = [_arrow(), _evidence_ground()]
    parts += [_line(tie) for tie in TIES]
    parts += [_tie_label(tie, *label(tie.name)) for tie in TIES]
    parts += [_box(box, label) for box in BOXES + EVIDENCE]
    body = Markup("\n").join(parts)
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="diagram-title"><title id="diagram-title">'
        "Classes and what joins them · 类及其联系</title>\n{}\n</svg>"
    ).format(WIDTH, HEIGHT, body)


def _arrow() -> Markup:
    return Markup(
        '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M1 1 9 5 1 9" class="head"/></marker></defs>'
    )


def _evidence_ground() -> Markup:
    return Markup(
        '<rect x="8" y="548" width="436" height="238" rx="12" class="ground"/>'
        '<text x="22" y="572" class="small">任何陈述，也包括 any statement, and besides</text>'
        '<a href="#evidence"><text x="485" y="672" class="small middle">依据</text>'
        '<text x="485" y="700" class="small middle">evidence</text></a>'
        '<path d="M444 682H526" class="line" marker-end="url(#arrow)"/>'
    )


def _line(tie: Tie) -> Markup:
    path = "M" + "L".join(f"{x} {y}" for x, y in tie.points)
    return Markup('<path d="{}" class="line" marker-end="url(#arrow)"/>').format(path)


def _tie_label(tie: Tie, chinese: str, english: str) -> Markup:
    x, y = tie.label_at
    if tie.relation:
        return Markup(
            '<a href="#{name}"><rect x="{left}" y="{top}" width="140" height="38" rx="19" class="relation"/>'
            '<text x="{x}" y="{upper}" class="middle name">{zh}</text>'
            '<text x="{x}" y="{lower}" class="middle small">{en}</text></a>'
        ).format(name=tie.name, left=x - 70, top=y - 19, x=x, upper=y - 2, lower=y + 12, zh=chinese, en=english)
    return Markup(
        '<a href="#{name}"><text x="{x}" y="{y}" class="middle small on-line">{zh}</text>'
        '<text x="{x}" y="{below}" class="middle small on-line">{en}</text></a>'
    ).format(name=tie.name, x=x, y=y - 2, below=y + 26 if _is_level(tie) else y + 13, zh=chinese, en=english)


def _is_level(tie: Tie) -> bool:
    """Whether the words stand above and below a level line, rather than beside an upright one."""
    return any(
        a[1] == b[1] and abs(a[1] - tie.label_at[1]) < 14 for a, b in zip(tie.points, tie.points[1:], strict=False)
    )


def _box(box: Box, label: Callable[[str], tuple[str, str]]) -> Markup:
    chinese, english = label(box.name)
    left, top = box.x - box.width // 2, box.y - box.height // 2
    head = box.y if not box.subclasses else top + 26
    shape = Markup(
        '<a href="#{name}"><rect x="{left}" y="{top}" width="{width}" height="{height}" rx="9" class="box"/>'
        '<text x="{x}" y="{upper}" class="middle name">{zh}</text>'
        '<text x="{x}" y="{lower}" class="middle small">{en}</text></a>'
    ).format(
        name=box.name, left=left, top=top, width=box.width, height=box.height, x=box.x, upper=head - 3, lower=head + 15,
        zh=chinese, en=english,
    )  # fmt: skip
    inner = []
    for number, name in enumerate(box.subclasses):
        column, row = number % 4, number // 4
        zh, en = label(name)
        inner.append(
            Markup(
                '<a href="#{name}"><text x="{x}" y="{y}" class="middle small plain">{zh}</text>'
                '<text x="{x}" y="{below}" class="middle tiny">{en}</text></a>'
            ).format(
                name=name, x=left + 64 + column * 120, y=top + 64 + row * 34, below=top + 77 + row * 34, zh=zh, en=en
            )
        )
    return shape + Markup("").join(inner)
