"""On the real semiconductor chain the program finds by itself what a reader of its tables finds by counting."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaingraph.metrics import chokepoints, criticality
from tests.metrics.supply_chain.chains import Semiconductors


@pytest.fixture
def organizations(shared: Path, tmp_path: Path) -> Semiconductors:
    return Semiconductors(shared, tmp_path, "organizations")


@pytest.fixture
def countries(shared: Path, tmp_path: Path) -> Semiconductors:
    return Semiconductors(shared, tmp_path, "countries")


def test_one_organization_alone_supplies_extreme_ultraviolet_scanners(organizations: Semiconductors) -> None:
    frame = chokepoints(organizations.supply, organizations.chain)
    alone = frame[frame["sole_supplier"] & (frame["type"] == "Product")]
    found = dict(
        zip(alone["label"], (organizations.supply.nodes[o]["label"] for o in alone["largest_supplier"]), strict=True)
    )
    counted = {product: list(held) for product, held in organizations.shares.items() if len(held) == 1}
    assert counted == {"EUV scanners": ["ASML"]}
    assert found == {product: names[0] for product, names in counted.items()}
    rows = organizations.rows["provision"]
    line = next(
        n
        for n, row in enumerate(rows, start=2)
        if row["provided_name"] == "EUV scanners" and row["provider_name"] == "ASML"
    )
    assert alone["rows"].item().endswith(f"/row{line}")


def bounds(held: dict[str, float | None]) -> tuple[float, float]:
    """Return the least and the most that the sum of squared shares can be, as a reader would reckon it.

    What the known shares leave may lie with one supplier, or with very many that nobody names.
    """
    known = [share for share in held.values() if share is not None]
    known = [share / max(1.0, sum(known)) for share in known]
    rest = max(0.0, 1 - sum(known))
    squares = sum(share * share for share in known)
    return squares, squares + rest * rest


def test_the_known_shares_of_57_products_are_too_few_to_say(organizations: Semiconductors) -> None:
    frame = chokepoints(organizations.supply, organizations.chain)
    found = sorted(frame.loc[frame["undecided"].fillna(False).astype(bool), "label"])
    reckoned = {product: bounds(held) for product, held in organizations.shares.items()}
    assert found == sorted(product for product, (low, high) in reckoned.items() if low <= 0.18 < high)
    assert found == [
        "Advanced interconnect tools",
        "Advanced photomasks",
        "Assembly inspection tools",
        "Atomic layer deposition tools",
        "Bond wires",
        "Burn-in test equipment",
        "CMP materials",
        "Ceramic packages",
        "Chemical mechanical planarization tools",
        "Conductor etching tools",
        "Core intellectual property",
        "Critical dimensions measurement tools",
        "Crystal growing furnaces",
        "Crystal machining tools",
        "Defect inspection tools",
        "Deposition materials",
        "Dicing tools",
        "Die attach materials",
        "Die attaching tools",
        "Dielectric etching tools",
        "Electrochemical coating tools",
        "Electron-beam lithography tools",
        "Electronic design automation software",
        "Electronic gases",
        "Encapsulation resins",
        "Film and wafer measuring tools",
        "General-purpose microscopy tools",
        "Handlers and probes",
        "High-temperature CVD tools",
        "Integrated assembly tools",
        "Ion implanters",
        "Lead frames",
        "Linear and discrete testing tools",
        "Logic chip design: AI ASICs",
        "Logic chip design: Advanced CPUs",
        "Logic chip design: Discrete GPUs",
        "Logic chip design: FPGAs",
        "Low-pressure CVD tools",
        "Packaging tools",
        "Photomask handlers",
        "Photomask inspection and repair tools",
        "Photoresists",
        "Physical vapor deposition tools",
        "Plasma CVD tools",
        "Process monitoring equipment",
        "Rapid thermal processing tools",
        "Resist processing tools",
        "SoC test equipment",
        "Substrates",
        "Tube-based diffusion and deposition tools",
        "Wafer",
        "Wafer bonding and aligning tools",
        "Wafer handlers",
        "Wafer level packaging inspection tools",
        "Wet chemicals",
        "Wet etching and cleaning tools",
        "Wire bonding tools",
    ]
    # Who is the largest is said by the shares of four lithography tools only.
    products = frame[(frame["type"] == "Product") & frame["suppliers"].notna()]
    assert sorted(products.loc[~products["largest_undecided"].astype(bool), "label"]) == [
        "ArF immersion scanners",
        "ArF scanners",
        "EUV scanners",
        "Laser lithography tools",
    ]
    for label, low, high in products[["label", "hhi_low", "hhi_high"]].itertuples(index=False):
        assert (low, high) == pytest.approx(reckoned[label], abs=1e-5)


class Reader:
    """What a reader of the tables would reckon: how much of each input is lost at least, if one country drops out."""

    def __init__(self, data: Semiconductors, country: str) -> None:
        self.data, self.country = data, country
        names = {row["input_id"]: row["input_name"] for row in data.rows["inputs"]}
        self.needs: dict[str, list[str]] = {name: [] for name in names.values()}
        self.kinds: dict[str, list[str]] = {name: [] for name in names.values()}
        for row in data.rows["sequence"]:
            if row["goes_into_id"] in names:
                self.needs[names[row["goes_into_id"]]].append(names[row["input_id"]])
            if row["is_type_of_id"] in names:
                self.kinds[names[row["is_type_of_id"]]].append(names[row["input_id"]])

    def final(self) -> list[str]:
        goes_on = {name for found in (self.needs, self.kinds) for names in found.values() for name in names}
        return [name for name in self.needs if name not in goes_on and (self.needs[name] or self.kinds[name])]

    def direct(self, product: str) -> float:
        held = self.data.shares.get(product, {})
        known = sum(share for share in held.values() if share is not None)
        lost = (held.get(self.country) or 0.0) / max(1.0, known)
        unknown = [name for name, share in held.items() if share is None]
        return lost + (max(0.0, 1 - known) if unknown == [self.country] else 0.0)

    def lost(self, product: str) -> float:
        own = max([self.direct(product), *(self.lost(name) for name in self.needs[product])])
        ways = [self.lost(kind) for kind in self.kinds[product]]
        return min([*ways, own] if product in self.data.shares or not ways else ways)


def test_the_loss_of_the_united_states_costs_most_final_output(countries: Semiconductors) -> None:
    frame = criticality(countries.supply, countries.chain)
    ranked = frame["lost_low"].head(6).round(4).to_dict()
    assert list(ranked.items()) == [
        ("USA", 0.9329),
        ("GBR", 0.346),
        ("JPN", 0.2155),
        ("CHN", 0.212),
        ("DEU", 0.2),
        ("AUT", 0.1644),
    ]
    assert frame.attrs["final"] == 5
    for country, low in frame["lost_low"].items():
        reader = Reader(countries, str(country))
        final = reader.final()
        assert low == pytest.approx(sum(map(reader.lost, final)) / len(final), abs=1e-5)
    rows = str(frame.at["USA", "rows_lost"]).split("; ")
    assert len(rows) == sum("USA" in held for held in countries.shares.values())


def test_only_the_loss_of_asml_stops_a_product(organizations: Semiconductors) -> None:
    frame = criticality(organizations.supply, organizations.chain, by="organization")
    assert frame.loc[frame["stopped"] > 0, "label"].tolist() == ["ASML"]
    by_country = criticality(organizations.supply, organizations.chain)
    assert by_country.index[by_country["stopped"] > 0].tolist() == ["NLD"]
