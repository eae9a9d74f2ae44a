from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from fabfile.releases import Release, Releases, parse, release_name

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def release(day: int, *, complete: bool = True) -> Release:
    return Release(f"202601{day:02}T120000Z-0123456", COMMIT if complete else None, "3.11-abc")


def test_the_names_of_releases_sort_by_time() -> None:
    here = timezone(timedelta(hours=13))
    earlier = release_name(datetime(2026, 1, 2, 1, 0, tzinfo=here), "f" * 40)
    later = release_name(datetime(2026, 1, 1, 13, 0, tzinfo=UTC), "0" * 40)

    assert earlier == "20260101T120000Z-fffffff"
    assert earlier < later


def test_a_listing_is_parsed_and_other_folders_are_ignored() -> None:
    releases = parse(
        "20260102T120000Z-0123456\t\t\tstaging\n"
        f"20260101T120000Z-0123456\t{COMMIT}\t../../virtualenvs/3.11-abc\tproduction\n"
        "notes\t\t\tproduction\n"
        "current\treleases/20260101T120000Z-0123456\n"
    )

    assert releases.all == [
        release(1),
        Release("20260102T120000Z-0123456", None, None, staging=True),
    ]
    assert releases.current == release(1)


def test_a_server_without_releases_has_no_current_one() -> None:
    assert parse("").current is None
    assert parse("current\t\n").current is None


def test_a_rollback_goes_to_the_last_complete_release() -> None:
    releases = Releases([release(1), release(2, complete=False), release(3)], release(3))

    assert releases.before(release(3)) == release(1)
    assert releases.before(release(1)) is None


def test_a_rollback_never_goes_to_another_kind_of_site() -> None:
    staging = replace(release(2), staging=True)
    releases = Releases([release(1), staging, release(3)], release(3))

    assert releases.before(release(3)) == release(1)
    assert releases.before(staging) is None


def test_three_complete_releases_and_the_current_one_are_kept() -> None:
    unfinished = release(6, complete=False)
    all_of_them = [release(1), release(2), release(3), release(4), release(5), unfinished]

    assert list(Releases(all_of_them, release(1)).superfluous()) == [release(2), unfinished]
