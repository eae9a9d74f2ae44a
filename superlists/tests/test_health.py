from django.test import Client


def test_anyone_may_ask_for_the_commit_and_learns_nothing_else(client: Client) -> None:
    answer = client.get("/health")

    assert answer.status_code == 200
    assert list(answer.json()) == ["commit", "kind"]
    assert "Set-Cookie" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


def test_health_is_only_read(client: Client) -> None:
    assert client.post("/health").status_code == 405
