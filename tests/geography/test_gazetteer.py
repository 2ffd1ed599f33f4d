"""The gazetteer: its data, and which region a name or a code stands for."""

from __future__ import annotations

from collections import Counter

import pytest

from chaingraph.geography.gazetteer import Place, gazetteer

CHINA = (16.0, 54.0, 73.0, 136.0)
"""The least and most latitude and longitude of mainland China with its islands, in degrees."""
PROVINCES = (
    *("北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省"),
    *("浙江省", "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区"),
    *("海南省", "重庆市", "四川省", "贵州省", "云南省", "西藏自治区", "陕西省", "甘肃省", "青海省"),
    *("宁夏回族自治区", "新疆维吾尔自治区", "台湾省", "香港特别行政区", "澳门特别行政区"),
)


def of_kind(kind: str) -> list[Place]:
    return [place for place in gazetteer() if place.kind == kind]


def test_there_are_34_provincial_divisions_and_333_prefectures_each_in_a_province() -> None:
    provinces, prefectures = of_kind("province"), of_kind("prefecture")
    assert [place.name_zh for place in provinces] == list(PROVINCES)
    assert len(prefectures) == len({place.name_zh for place in prefectures}) == 333
    assert {place.parent for place in prefectures} <= {place.code for place in provinces}
    assert all(place.code[:2] == place.parent[:2] for place in (*prefectures, *of_kind("county")))


def test_every_place_in_china_has_an_english_name_and_lies_in_china() -> None:
    south, north, west, east = CHINA
    for place in (*of_kind("province"), *of_kind("prefecture"), *of_kind("county")):
        assert place.latitude is not None
        assert place.longitude is not None
        assert south <= place.latitude <= north, place
        assert west <= place.longitude <= east, place
        assert place.name_en or place.kind == "county", place


def test_prefectures_lie_near_their_province_and_county_level_cities_near_their_prefecture() -> None:
    places = gazetteer().places
    for place in (*of_kind("prefecture"), *of_kind("county")):
        above = places[place.parent]
        assert above.latitude is not None
        assert above.longitude is not None
        wide = 13 if above.kind == "province" else 6
        assert abs((place.latitude or 0) - above.latitude) < wide, (place, above)
        assert abs((place.longitude or 0) - above.longitude) < 1.5 * wide, (place, above)


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [
        ("320100", 32.06, 118.78),
        ("320500", 31.30, 120.60),
        ("440300", 22.55, 114.07),
        ("540100", 29.65, 91.10),
        ("654000", 43.90, 81.30),
        ("DE300", 52.52, 13.40),
        ("FR101", 48.86, 2.35),
        ("EL", 39.0, 22.0),
    ],
)
def test_well_known_places_are_where_they_are(code: str, latitude: float, longitude: float) -> None:
    place = gazetteer().places[code]
    assert place.latitude == pytest.approx(latitude, abs=0.9)
    assert place.longitude == pytest.approx(longitude, abs=0.9)


def test_every_nuts_region_has_a_parent_of_the_level_above_and_lies_in_europe_or_overseas() -> None:
    places = gazetteer().places
    regions = of_kind("nuts")
    assert Counter(place.level for place in regions)[0] == 39
    for place in regions:
        assert len(place.code) == place.level + 2
        assert place.level == 0 or places[place.parent].level == place.level - 1
        assert (place.latitude is None) == (place.longitude is None) == (place.point == "")
        if place.latitude is not None and place.longitude is not None:
            assert 27 < place.latitude < 72, place
            assert -32 < place.longitude < 46, place


def test_every_region_without_a_place_stands_at_the_nearest_above_which_every_country_is() -> None:
    places = gazetteer()
    assert all(places.located(place) for place in places)
    assert {places.located(place) for place in of_kind("nuts") if place.level == 0} == {
        place for place in of_kind("nuts") if place.level == 0
    }


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["江苏"], "320000"),
        (["江苏省", "Jiangsu"], "320000"),
        (["无锡"], "320200"),
        (["昆山", "Kunshan"], "320583"),
        ([" xi'AN "], "610100"),
        (["Tibet"], "540000"),
        (["澳门"], "820000"),
        (["海南"], "460000"),
        (["吉林"], None),
        (["吉林市"], "220200"),
        (["大理"], None),
        (["大理州"], "532900"),
        (["Suzhou"], None),
        (["苏州", "Suzhou"], "320500"),
        (["苏州", "Nanjing"], None),
        (["朝阳区"], None),
        (["长三角"], None),
        (["Deutschland"], None),
        (["Germany", "德国"], "DE"),
        (["DE300"], "DE300"),
        (["Luxembourg"], "LU"),
        ([], None),
    ],
)
def test_a_name_stands_for_a_region_only_if_it_is_exactly_that_of_one(names: list[str], code: str | None) -> None:
    place = gazetteer().region(names)
    assert (place.code if place else None) == code


def test_a_code_decides_and_two_codes_of_different_regions_stand_for_none() -> None:
    places = gazetteer()
    assert [place.name_zh for place in (places.region(["Suzhou"], ["341300"]),) if place] == ["宿州市"]
    assert places.region(["苏州"], ["320500", "320200"]) is None
    assert places.region(["苏州"], ["999999"]) == places.by_code("320500")


def test_a_namesake_outside_the_region_that_it_lies_within_is_none() -> None:
    places = gazetteer()
    jiangsu = places.places["320000"]
    assert places.region(["Taizhou"], within=jiangsu) == places.places["321200"]
    assert places.region(["台州"], within=jiangsu) is None
    assert places.region(["Jiangyin"], within=places.places["320200"]) == places.places["320281"]
