"""The migrated database is kept for the next run, as long as the code stays the same."""

from pathlib import Path

from features.support.tests.project_copy import ProjectCopy

QUICK = ("-D", "browser=none", "features/start_a_list.feature", "--name", "Edith starts a list")

MORE_MIGRATIONS = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lists", "{newest}")]
    operations = [migrations.RunSQL("DROP TABLE lists_item")]
"""


def kept(project: ProjectCopy) -> list[Path]:
    return [*project.artifacts.glob("migrated-*")]


def test_a_run_begins_with_the_migrated_database_of_the_previous_one(project: ProjectCopy) -> None:
    assert project.behave(*QUICK).status == 0
    (first,) = kept(project)
    written = first.stat().st_mtime_ns

    assert project.behave(*QUICK).status == 0
    assert [each.stat().st_mtime_ns for each in kept(project)] == [written]


def test_a_new_migration_is_not_missed(project: ProjectCopy) -> None:
    assert project.behave(*QUICK).status == 0
    before = kept(project)
    newest = max(project.folder.glob("lists/migrations/0*.py")).stem
    project.write("lists/migrations/9999_no_items.py", MORE_MIGRATIONS.format(newest=newest))

    run = project.behave(*QUICK)

    assert run.status == 1
    assert "no such table: lists_item" in run.terminal
    assert len(kept(project)) == 1
    assert kept(project) != before


def test_a_kept_database_that_cannot_be_used_is_made_again(project: ProjectCopy) -> None:
    assert project.behave(*QUICK).status == 0
    (file,) = kept(project)
    file.write_bytes(b"nonsense")

    assert project.behave(*QUICK).status == 0
    assert file.read_bytes().startswith(b"SQLite format 3\0")
