from tests.browser.test_weight import *


def test_w(visit, school_path):
    page = visit()
    m = Meter(page)
    page.goto("/")
    settle(page)
    print("WW sign-in", m.read())
    sign_in(page, AN)
    expect(page).to_have_url("/")
    settle(page)
    print("WW home", m.read())
    for p in (school_path, "/", "/gallery/", "/gallery/", school_path):
        page.goto(p)
        settle(page)
        print("WW", p, m.read(), "html", len(page.content().encode()))
