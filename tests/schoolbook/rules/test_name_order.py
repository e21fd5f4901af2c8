"""How a school sorts and finds its people: the Vietnamese alphabet, tones, and search with and without diacritics."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolbook.rules import names

# Each list is in the order that a school expects.
CLASS_LIST = """
Lê Thị An|Nguyễn Hoài An|Nguyễn Văn An|Trần Bình An|Vũ Thúy An|Phạm Quốc Án|Đỗ Minh Anh|Nguyễn Đức Anh
Nguyễn Kim Anh|Nguyễn Ngọc Anh|Nguyễn Thị Vân Anh|Phạm Tuấn Anh|Đinh Ngọc Ánh|Phan Thị Ánh|Lương Văn Ẩn
Bùi Gia Bảo|Hoàng Thái Bảo|Nguyễn Văn Bằng|Đào Ngọc Bích|Cao Thanh Bình|Đặng Thái Bình|Lý Kim Chi
Nguyễn Linh Chi|Hồ Văn Chiến|Trịnh Công Chính|Mai Văn Cường|Ngô Thùy Dung|Lê Trí Dũng|Phạm Ánh Dương
Tạ Thùy Dương|Nguyễn Thành Đạt|Võ Hải Đăng|Trần Anh Đức|Chu Hương Giang|Nguyễn Thị Hà|Trần Thu Hà
Đoàn Hải|Lê Thị Hạnh|Nguyễn Thu Hằng|Nguyễn Thị Hoa|Phùng Gia Hòa|Trần Thị Hoài|Dương Minh Hoàng
Nguyễn Hữu Huân|Kiều Quang Huy|Nguyễn Thị Huyền|Nguyễn Duy Hưng|Bùi Thị Hường|Lê Gia Khánh|Vương Đăng Khoa
Thái Đăng Khôi|Nguyễn Trung Kiên|Hà Thị Lan|Nguyễn Nhật Lâm|Đỗ Khánh Linh|Nguyễn Mỹ Linh|Trương Hoàng Long
Lê Hiền Lương|Nguyễn Thị Ly|Nguyễn Thị Lý|Nguyễn Thị Mai|Đàm Quang Minh|Phạm Trà My|Lâm Thị Mỹ|Nguyễn Hoài Nam
Trần Phương Nga|Bạch Kim Ngân|Lê Bảo Ngọc|Tô Thảo Nguyên|Nguyễn Minh Nguyệt|Vũ Thành Nhân|Lê Yến Nhi
Nguyễn Quỳnh Như|Phan Tấn Phát|Nguyễn Hoàng Phong|Lưu Gia Phú|Ngô Đình Phúc|Nguyễn Mai Phương|Đỗ Bích Phượng
Bùi Đăng Quang|Nguyễn Minh Quân|Đào Thị Quyên|Lê Như Quỳnh|Hoàng Ngọc Sơn|Nguyễn Thành Tài|Trần Minh Tâm
Nguyễn Thị Thanh|Phạm Tiến Thành|Lê Phương Thảo|Nguyễn Thị Thắm|Đỗ Đức Thắng|Võ Minh Thiện|Nguyễn Thị Thơ
Vũ Hoài Thu|Ngô Thị Thùy|Trần Thanh Thủy|Đặng Thị Thúy|Nguyễn Anh Thư|Lê Hoài Thương|Nguyễn Thủy Tiên
Nguyễn Thùy Trang|Phạm Bảo Trâm|Trần Minh Trí|Đỗ Quốc Trung|Lê Xuân Trường|Nguyễn Anh Tú|Vũ Minh Tuấn
Nguyễn Sơn Tùng|Trần Thị Tuyết|Hoàng Văn Tư|Nguyễn Thị Uyên|Lò Thị Ưng|Phạm Hồng Vân|Lê Quốc Việt|Mai Thế Vinh
Nguyễn Hà Vy|Trần Tường Vy|Đinh Thị Xuân|Nguyễn Như Ý|Phạm Hải Yến
"""


ALPHABET = ["a", "ă", "â", *"bcdđeêfghijklmnoôơpqrstuưvwxyz"]
VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]  # ngang, huyền, hỏi, ngã, sắc, nặng


def in_order(expected):
    backwards = expected[::-1]  # so that equal keys would come out in the wrong order
    return sorted(backwards, key=names.sort_key)


def test_a_school_finds_its_people_where_it_looks_for_them():
    expected = CLASS_LIST.strip().replace("\n", "|").split("|")
    assert len(expected) > 100
    assert in_order(expected) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["An", "Ăn", "Ân", "Ba"],
        ["Da", "Dương", "Đa", "Đương", "E"],
        ["Em", "Êm", "Ga"],
        ["On", "Ôn", "Ơn", "Pa"],
        ["Un", "Ưn", "Va", "Xa", "Ya"],
        ["Ea", "Fa", "Ga", "Ia", "Ja", "Ka", "Va", "Wa", "Xa", "Ya", "Za"],
        ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"],
        ["Mạ", "Mai", "Mài", "Mang"],  # letters before tones
        ["Tân Ba", "Trần Ba", "Trấn Ba", "Vũ Ba"],
        ["Lê An", "Lê Anh An", "Lê Ánh An", "Lê Bình An"],  # family before middle names
        ["Lê Bình An", "Trần An", "Lê Ấn", "Lê Bình"],  # and the given name before both
        ["An", "Lê An"],  # who has only a given name comes first
        ["Lê 1", "Lê 2", "Lê An"],  # digits before letters
        ["Lê A", "Lê Á", "Lê A1", "Lê Ab"],  # and after tones
        ["Ivanov Zz", "Иванов Пётр"],  # other scripts after ours
    ],
    ids=" < ".join,
)
def test_the_order_of_the_alphabet_and_the_tones(expected):
    assert in_order(expected) == expected
    assert in_order([name.upper() for name in expected]) == [name.upper() for name in expected]


@given(
    st.lists(
        st.lists(
            st.tuples(st.lists(st.sampled_from(ALPHABET), min_size=1), st.sampled_from(TONES)),
            min_size=1,
            max_size=3,
        ),
        min_size=2,
        max_size=5,
    )
)
def test_any_names_sort_by_letters_then_tone_word_by_word_given_name_first(people):
    # A word is its letters and a tone, here put on a vowel added at the end.
    def spelt(person):
        words = ["".join(letters) + "a" + tone for letters, tone in person]
        return unicodedata.normalize("NFC", " ".join(words))

    def expected(person):
        ranks = [
            ([ALPHABET.index(letter) for letter in [*letters, "a"]], TONES.index(tone))
            for letters, tone in person
        ]
        return ranks[-1:] + ranks[:-1]

    by_key = sorted(people, key=lambda person: names.sort_key(spelt(person)))
    assert [expected(person) for person in by_key] == sorted(map(expected, people))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Thế Tuyền", "nguyễn thế TUYỀN"),
        ("Đỗ Quỳnh Ái", unicodedata.normalize("NFD", "Đỗ Quỳnh Ái")),
        ("Trần Thị Hòa", "Trần Thị Hoà"),
        ("Đặng Thị Thúy", "Đặng Thị Thuý"),
        ("Lê Khỏe", "Lê Khoẻ"),
        ("Lê  Văn\u00a0An ", "Lê Văn An"),
        ("H’Hen Niê", "H'Hen Niê"),
    ],
)
def test_the_same_name_typed_in_another_way_has_the_same_keys(one, other):
    assert names.sort_key(one) == names.sort_key(other)
    assert names.exact_key(one) == names.exact_key(other)
    assert names.search_key(one) == names.search_key(other)


@given(st.text())
def test_a_sort_key_is_ascii_and_not_long(text):
    key = names.sort_key(text)
    assert key.isascii()
    assert " " not in key
    assert len(key) <= 8 * len(unicodedata.normalize("NFKD", names.tidy(text).lower())) + 1


@pytest.mark.parametrize("longest", ["Ưỡ" * 50, "Ơ " * 50, "Nguyễn " * 14])
def test_the_key_of_a_vietnamese_name_is_never_three_times_its_length(longest):
    assert len(names.sort_key(longest)) <= 3 * len(longest)


@pytest.mark.parametrize(
    ("full_name", "family", "middle", "given_name"),
    [
        ("Đỗ Văn Ân", "Đỗ", "Văn", "Ân"),
        ("  Lê   Thị Ngọc  Ánh ", "Lê", "Thị Ngọc", "Ánh"),
        ("Trần Bình", "Trần", "", "Bình"),
        ("Y Moan", "Y", "", "Moan"),
        ("Hương", "", "", "Hương"),
        ("John Fitzgerald Smith", "John", "Fitzgerald", "Smith"),
        (" ", "", "", ""),
    ],
)
def test_a_name_has_a_family_a_middle_and_a_given_part(full_name, family, middle, given_name):
    assert names.split_name(full_name) == names.Name(family, middle, given_name)


@pytest.mark.parametrize(
    ("text", "plain", "exact"),
    [
        ("Đặng  Thị Tâm", "dang thi tam", "đặng thị tâm"),
        ("Họ và tên (*)", "ho va ten", "họ và tên"),
        ("Mã\nhọc sinh:", "ma hoc sinh", "mã học sinh"),
        ("H'Hen Niê", "hhen nie", "hhen niê"),
        ("Nguyễn-Lê Quý", "nguyen le quy", "nguyễn lê quý"),
        ("Thuỳ Hoà Khoẻ Hoàng", "thuy hoa khoe hoang", "thùy hòa khỏe hoàng"),
    ],
)
def test_two_keys_serve_search_with_and_without_diacritics(text, plain, exact):
    assert names.search_key(text) == plain
    assert names.exact_key(text) == exact


@pytest.mark.parametrize(
    ("query", "found", "not_found"),
    [
        ("hoa", ["Lê Hoa", "Lê Hòa", "Lê Hoà", "Lê Hóa", "Hoàng An"], ["Lê Ho", "Thoa"]),
        ("hòa", ["Lê Hòa", "Lê Hoà"], ["Lê Hoa", "Lê Hóa", "Hoàng An"]),
        ("hoà", ["Lê Hòa", "Lê Hoà", "Hoàng An"], ["Lê Hoa", "Lê Hóa"]),
        ("đ", ["Đỗ An", "Lê Đức"], ["Dương An"]),
        ("d", ["Đỗ An", "Dương An"], ["An"]),
        ("nguyen ánh", ["Nguyễn Thị Ánh", "Ánh Nguyên"], ["Nguyễn Anh", "Trần Ánh"]),
        ("Â", ["Lê Ân"], ["Lê An", "Lê Ấn"]),
        ("thuý", ["Lê Thúy"], ["Lê Thùy", "Lê Thủy"]),
        ("", ["Lê An", ""], []),
    ],
)
def test_a_query_finds_beginnings_of_words_as_they_are_typed(query, found, not_found):
    assert [name for name in found + not_found if names.matches(query, name)] == found
    typed_apart = unicodedata.normalize("NFD", query)
    assert [name for name in found + not_found if names.matches(typed_apart, name)] == found


@given(st.lists(st.text(alphabet=ALPHABET, min_size=1), min_size=1, max_size=4).map(" ".join))
def test_everybody_is_found_by_their_own_name_and_by_its_plain_form(name):
    assert names.matches(name, name)
    assert names.matches(names.plain(name), name)
