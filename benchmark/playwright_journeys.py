"""The same page journey with Playwright, which its own environment runs: seconds for each."""

import sys
import time
from importlib import import_module
from statistics import median

ITEMS = ("Buy milk", "Make tea", "Go home")


def main() -> int:
    """Print what a journey takes."""
    _, browser_path, url, journeys = sys.argv
    with import_module("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path)

        def journey() -> float:
            began = time.perf_counter()
            context = browser.new_context(viewport={"width": 1024, "height": 768})
            page = context.new_page()
            page.goto(f"{url}/")
            for item in ITEMS:
                field = page.locator("#id_text")
                field.fill(item)
                field.press("Enter")
                page.locator("#id_list_table").get_by_text(item).wait_for()
            items = page.locator("#id_list_table tr").all_inner_texts()
            context.close()
            if len(items) != len(ITEMS):
                sys.exit(f"The list reads {items}.")
            return time.perf_counter() - began

        journey()
        print(median(journey() for _ in range(int(journeys))))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
