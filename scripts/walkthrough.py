"""Tell the main job of a school once more and take the pictures of docs/vi/mot-vong-dieu-chinh.md.

    python -m scripts.walkthrough        pictures in docs/images/walkthrough, documents in var/walkthrough

Servers and data are made for this run and gone afterwards. The story itself is `tests/browser/main_job.py`.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any

import django
from playwright.sync_api import Page

from scripts.screenshots import CHECKOUT, IMAGES, take

PICTURES = IMAGES / "walkthrough"
DOCUMENTS = CHECKOUT / "var" / "walkthrough"
DATABASE = "walkthrough"
WIDTH = 1100


def main() -> None:
    """Serve the cast's school on a database of its own, and tell the story in a browser."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["LOG_LEVEL"] = "ERROR"
    django.setup()
    from django.test import override_settings  # noqa: PLC0415 - needs Django to be set up

    from schoolbook.embedded import Postgres  # noqa: PLC0415
    from tests import servers  # noqa: PLC0415
    from tests.browser.server import serving  # noqa: PLC0415
    from tests.browser.stage import Stage  # noqa: PLC0415

    with (
        servers.running() as home,
        tempfile.TemporaryDirectory() as files,
        override_settings(MEDIA_ROOT=files, ALLOWED_HOSTS=["127.0.0.1"]),
    ):
        postgres = Postgres(home, durable=False)
        postgres.clone_database(servers.TEMPLATE, DATABASE)
        servers.use_database(postgres.url("app", DATABASE))
        with serving() as origin:
            stage = Stage()
            try:
                stage.run(tell, stage, origin)
            finally:
                stage.close()


def tell(stage: Any, origin: str) -> None:
    """Open browsers as they are asked for, and go through the story."""
    from django.conf import settings  # noqa: PLC0415

    from tests.browser.conftest import session  # noqa: PLC0415
    from tests.browser.main_job import Story  # noqa: PLC0415
    from tests.browser.stage import context_options, in_database  # noqa: PLC0415
    from tests.browser.test_main_job import regulate  # noqa: PLC0415

    def visit(person: Any = None, *, width: int = WIDTH, **options: Any) -> Page:
        context = stage.browser.new_context(**context_options(width, base_url=origin, **options))
        value = in_database(lambda: session(person))
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": origin}])
        page: Page = context.new_page()
        return page

    def picture(page: Page, name: str) -> None:
        take(page, PICTURES / f"{name}.png", whole=True)

    in_database(regulate)
    form, sheet = Story(visit, picture).tell()
    DOCUMENTS.mkdir(parents=True, exist_ok=True)
    (DOCUMENTS / "giay-de-nghi.pdf").write_bytes(form)
    (DOCUMENTS / "so-diem.pdf").write_bytes(sheet)


if __name__ == "__main__":
    main()
