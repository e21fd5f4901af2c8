"""axe, the accessibility checker, asked about a page as it stands."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from scripts.setup import CHECKOUT

SCRIPT = (CHECKOUT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# The size of targets is asked for by WCAG 2.2 AA, and axe leaves it out unless it is named.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def violations(page: Page) -> list[str]:
    """What axe has to say, one line for each element."""
    page.evaluate(SCRIPT)  # given by the debugger, so that the policy of the page stays as it is
    results: dict[str, Any] = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{rule['id']}: {node['html'][:160]} — {node['failureSummary']}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]
