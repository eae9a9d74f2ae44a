"""The smallest suite, as README.md has it, on a site of another project."""

import os
import re
import subprocess
import sys
from pathlib import Path

from testbeds import ROOT

FILES = re.compile(r"^```\w+\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SITE = {
    "notes/settings.py": """\
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parents[1]
SECRET_KEY = "an-example"
INSTALLED_APPS = ["notes", "django.contrib.auth", "django.contrib.contenttypes",
                  "django.contrib.sessions", "django.contrib.staticfiles"]
ROOT_URLCONF = "notes.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
""",
    "notes/models.py": """\
from django.db import models
class Note(models.Model):
    text = models.TextField()
""",
    "notes/urls.py": """\
from django.shortcuts import redirect, render
from django.urls import path
from notes.models import Note
def notes(request):
    if request.method == "POST":
        Note.objects.create(text=request.POST["text"])
        return redirect("/")
    return render(request, "notes.html", {"notes": Note.objects.all()})
urlpatterns = [path("", notes)]
""",
    "notes/templates/notes.html": """\
<!doctype html><title>Notes</title><form method="post"><input name="text"></form>
{% for note in notes %}<p class="note">{{ note.text }}</p>{% endfor %}
""",
}


def test_the_smallest_suite_runs_on_the_site_of_another_project(tmp_path: Path) -> None:
    readme = (ROOT / "acceptance/README.md").read_text(encoding="utf-8")
    suite = dict(FILES.findall(readme))
    for name, content in {**SITE, **suite}.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")

    run = subprocess.run(
        [sys.executable, "-m", "behave"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )

    assert run.returncode == 0, run.stdout
    assert "3 steps passed, 0 failed" in run.stdout
