"""Runs one scenario with a few real mutants, and prints the outcomes as JSON.

It runs in a process of its own, because pytest-django has set Django up differently.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path

from acceptance.readers import BrowserName
from mutants.loaded_site import Change
from mutants.mutant import Kind, Mutant
from mutants.project_copy import ProjectCopy, copied_project
from mutants.shared_browser import SharedBrowser, chromium
from mutants.site_servers import Answer, Job, SiteServers

FEATURE = "features/start_a_list.feature"

# Path, text, other text, whether the site is imported anew, and whether it is about settings.
CASES: Mapping[str, tuple[str, str, str, bool, bool]] = {
    "nothing": ("lists/views.py", "", "", False, False),
    "nothing, imported": ("lists/views.py", "", "", True, False),
    "function": ("lists/views.py", "return _home_page(request, ItemForm())", "1 / 0", False, False),
    "template": ("lists/templates/lists/home.html", "{% block", "{% blck", False, False),
    "import": ("lists/models.py", "import ", "import no_such_module, ", True, False),
    "same settings": ("superlists/settings.py", "_production else 0", "False else 0", True, True),
    "other settings": ("superlists/settings.py", '"UTC"', '"Asia/Tokyo"', True, True),
    "template in a browser": (
        "lists/templates/lists/home.html",
        "{% block",
        "{% blck",
        False,
        False,
    ),
    "nothing in the same browser": ("lists/views.py", "", "", False, False),
}


def _answers(project: ProjectCopy, place: str) -> Iterator[tuple[str, Answer]]:
    servers = SiteServers(project, [place])
    browser = SharedBrowser(chromium())
    try:
        for name, (path, old, new, imports, is_about_settings) in CASES.items():
            before = (project.folder / path).read_text(encoding="utf-8")
            after = before.replace(old, new, 1)
            # A change of nothing has no function to replace.
            has_code = path.endswith(".py") and before != after
            changes = [Change(path, before, after)] if has_code else []
            in_browser = name.endswith("browser")
            mutant = Mutant(name, Kind.CODE, path, 1, old, new, {path: after})
            with (
                project.changed(mutant),
                browser.used() if in_browser else nullcontext() as session,
            ):
                used = BrowserName.CHROMIUM if in_browser else BrowserName.NONE
                job = Job([place], used, changes, session=session)
                yield (
                    name,
                    servers.run(job, 60, imports=imports, is_about_settings=is_about_settings),
                )
    finally:
        servers.stop()
        browser.stop()


def _main() -> None:
    root = Path.cwd()
    with copied_project(root) as project:
        lines = (project.folder / FEATURE).read_text(encoding="utf-8").splitlines()
        first = next(number for number, line in enumerate(lines, 1) if "Scenario:" in line)
        answers = {
            name: {
                "ran": answer.settings is None,
                "place": answer.failure and answer.failure.place,
                "line": answer.failure and answer.failure.first_line,
            }
            for name, answer in _answers(project, f"{FEATURE}:{first}")
        }
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    _main()
