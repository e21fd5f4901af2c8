"""Names for demo data: the same every time, believable, and nobody's whom the regulations name."""

import hashlib
from collections import Counter

import pytest

from schoolbook.rules import demo_names
from schoolbook.rules.demo_names import Sex, people
from schoolbook.rules.names import plain

# SHA-256 of `plain` of every person whom the regulations name; the names themselves stand nowhere here.
NAMED_IN_REGULATIONS = {
    "24269afe69a0e2d6b19aaa2995262770ab7936d8c94b235a07d060a9217dddd4",
    "27c53d3d4446ac125e9ef32d3efb163c52b627ae838dfb91036897ad09f70038",
    "3d0a73c7459a46120db5cf2e7fc0cf60c3a733a91c70ec18910209769dae49fb",
    "53f5acb1f67f24741a3e1b5be4bd26e3a2a94ef3dd55580293085dae4dc7e057",
    "5ffbafccc8854edc9af680f8badbf0f0185ef686e64a0e3cb56c40ec9189d7a0",
    "6446b8191a12879799708b5bdbc6c3fa2a75ebabe36ae5a3b146ec953c74beb0",
    "7c7f025182cd74d76a2c97e69563c9f931be34cda52e353dfb5bab15927f8ab4",
    "7da5c57a9a0e95c4f51e4478ef250a088ca8f2a785ed3fa75e37727837a309c1",
    "7e82e5863a91c9bc49e516d75aa6a7fb74a2b76f7ee2c64d5bfb981fb5e68bb6",
    "83ff9e8b2e0f4d033c99fe2bd494105767e446eecff539faf3526ee2bbb8b40e",
    "96ac7e9aee933f740b2814b23f5552c027c1b74a0b67d10d0f7295829a342608",
    "b0d4d8c985d88b8366ee7654d85bda41b3b925dc37a535fcb4fb14afa549a344",
    "e20ea5d377abc47b73f378b1c1061d76ab1e24b542b1088cfdd360a35ebf6544",
    "e2714343e97595bb220e8e0b871902503fe536feb68049ccaccc5140580c3e02",
}


def digest(name):
    return hashlib.sha256(plain(name).encode()).hexdigest()


def test_names_are_compared_without_case_and_diacritics():
    assert digest("Lê Văn An") == digest("LE VAN AN") != digest("Lê Văn Ba")
    assert {len(entry) for entry in NAMED_IN_REGULATIONS} == {len(digest("Lê Văn An"))}


def test_no_name_that_can_come_out_is_one_of_the_regulations():
    possible = {name for name, _ in demo_names.combinations()}
    assert len(possible) > 50_000
    assert not NAMED_IN_REGULATIONS & {digest(name) for name in possible}


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    once = list(people("6A", 45))
    assert list(people("6A", 45)) == once
    assert list(people("6B", 45)) != once
    assert list(people("6A", 10)) == once[:10]


def test_these_are_the_people_on_every_machine():
    assert list(people(1, 4)) == [
        ("Nguyễn Minh Hoàng", Sex.MALE),
        ("Nguyễn Văn Khoa", Sex.MALE),
        ("Lê Quỳnh Trinh", Sex.FEMALE),
        ("Phạm Anh Dũng", Sex.MALE),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_nobody_comes_twice_in_a_school(seed):
    found = [name for name, _ in people(seed, 1000)]
    assert len(set(found)) == len(found) == 1000


def test_more_people_than_names_repeats_names_but_does_not_stop(monkeypatch):
    monkeypatch.setattr(demo_names, "FAMILY", {"Lê": 1})
    for names in (demo_names.MIDDLE, demo_names.GIVEN):
        for sex in Sex:
            monkeypatch.setitem(
                names, sex, {"Minh": 1} if names is demo_names.MIDDLE else {"An": 1}
            )
    assert {name for name, _ in people(1, 20)} == {"Lê Minh An"}


def test_every_name_is_one_that_can_come_out_for_that_sex():
    assert set(people("all", 500)) <= set(demo_names.combinations())


def test_families_are_as_frequent_as_in_vietnam_and_the_sexes_as_in_a_class():
    found = list(people("frequent", 2000))
    families = Counter(name.split()[0] for name, _ in found)
    assert [family for family, _ in families.most_common(3)] == ["Nguyễn", "Trần", "Lê"]
    assert 0.25 < families["Nguyễn"] / len(found) < 0.38
    assert 0.45 < sum(sex is Sex.MALE for _, sex in found) / len(found) < 0.55
