"""The school page and its form, over HTTP: page and fragment, success and refusal."""

import re

import pytest

from tests import cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(school=None):
    return f"/schools/{(school or cast.song_lam()).pk}/"


def typed(**changes):
    school = cast.song_lam()
    fields = ("name", "abbreviation", "address_before", "address_since", "version")
    return {**{name: getattr(school, name) for name in fields}, "reason": "QĐ 12", **changes}


def test_the_administrator_sees_a_form_and_everybody_else_the_text(as_person):
    for person, has_form in [(cast.AN, True), (cast.BINH, False), (cast.CHI, False)]:
        response = as_person(person).get(url())
        html = response.content.decode()
        assert response.status_code == 200
        assert cast.SONG_LAM.address_since in html
        assert ('name="address_since"' in html) is has_form, person


def test_a_school_next_door_does_not_exist(as_person):
    assert as_person(cast.AN).get(url(cast.doi_thong())).status_code == 404
    assert as_person(cast.AN).post(url(cast.doi_thong()) + "edit/", typed()).status_code == 404


def test_saving_without_javascript_comes_back_to_the_page_with_a_message(as_person):
    client = as_person(cast.AN)
    response = client.post(url() + "edit/", typed(name="Trường Mới"), follow=True)
    assert response.redirect_chain == [(url(), 302)]
    assert cast.song_lam().name == "Trường Mới"
    html = response.content.decode()
    assert "Trường Mới" in html
    assert "QĐ 12" in html


def test_saving_with_htmx_answers_form_and_history_and_nothing_else(as_person):
    response = as_person(cast.AN).post(url() + "edit/", typed(name="Trường Mới"), headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in html
    assert 'id="particulars"' in html
    assert 'id="history"' in html
    assert 'id="bar-school"' in html
    assert html.count("hx-swap-oob") == 2
    assert 'name="version" value="2"' in html


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_value_is_shown_again_with_a_sentence_and_nothing_is_saved(as_person, headers):
    sent = typed(abbreviation="Sông Lam", name="Tên đã gõ")
    response = as_person(cast.AN).post(url() + "edit/", sent, headers=headers)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="Sông Lam"' in html
    assert 'value="Tên đã gõ"' in html
    assert "chữ thường không dấu" in html
    assert ("<html" in html) is not headers
    assert cast.song_lam().version == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"version": ""},
        {"version": "x"},
        {"version": "0"},
        {"version": "9" * 400},
        {"name": "\x00"},
        {"name": "x" * 1000},
        {"reason": ""},
    ],
)
def test_whatever_is_sent_is_answered_in_place(as_person, broken):
    response = as_person(cast.AN).post(url() + "edit/", typed(**broken))
    assert response.status_code == 422
    assert cast.song_lam().version == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_slower_of_two_editors_sees_both_values_and_may_then_choose(as_person, headers):
    client = as_person(cast.AN)
    stale = typed(name="Tên của tôi")
    client.post(url() + "edit/", typed(name="Tên của người khác"))
    response = client.post(url() + "edit/", stale, headers=headers)
    html = response.content.decode()
    assert response.status_code == 409
    for text in ("Tên của tôi", "Tên của người khác", "Lê Thị An"):
        assert text in html
    assert cast.song_lam().name == "Tên của người khác"
    assert 'name="version" value="2"' in html
    chosen = client.post(url() + "edit/", {**stale, "version": "2"}, headers=headers)
    assert chosen.status_code in {200, 302}
    assert cast.song_lam().name == "Tên của tôi"


def test_a_refusal_names_a_way_on(as_person):
    response = as_person(cast.CHI).post(url() + "edit/", typed())
    assert response.status_code == 403
    assert "quản trị" in response.content.decode()
    assert cast.song_lam().version == 1


def test_a_long_history_can_be_read_to_its_beginning(as_person):
    client = as_person(cast.AN)
    for number in range(21):
        client.post(url() + "edit/", typed(name=f"Tên {number}"))
    first = client.get(url()).content.decode()
    assert "Tên 20" in first
    assert cast.SONG_LAM.address_before in first  # in the form
    assert "Hệ thống" not in first
    (href,) = re.findall(r'href="([^"]+history/\?before=\d+)"', first)
    older = client.get(href).content.decode()
    assert "Hệ thống" in older
    assert "Tên 19" not in older
    assert re.findall(r'<a href="[^"]*before=', older) == []
    for nonsense in ("x", "-1", "9" * 30):
        assert client.get(url() + f"history/?before={nonsense}").status_code == 302


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_reason_of_letters_that_nobody_sees_is_none(as_person, headers):
    sent = typed(name="Trường Mới", reason="\u200b \u2060")
    response = as_person(cast.AN).post(url() + "edit/", sent, headers=headers)
    assert response.status_code == 422
    assert cast.song_lam().version == 1


@pytest.mark.parametrize("changes", [1, 12])
def test_the_page_takes_the_same_queries_however_long_the_history(
    as_person, exactly_queries, changes
):
    client = as_person(cast.AN)
    for number in range(changes):
        client.post(url() + "edit/", typed(name=f"Tên {number}"))
    address = url()
    client.get(address)
    # session, user, school of the fence, duties (view, edit, navigation), history
    with exactly_queries(7):
        client.get(address)


def test_saving_takes_a_fixed_number_of_queries(as_person, exactly_queries):
    client = as_person(cast.AN)
    address, sent = url() + "edit/", typed(name="Tên khác")
    with exactly_queries(12):
        client.post(address, sent, headers=HTMX)
