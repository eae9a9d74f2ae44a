import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.models import User
from lists.models import List


@pytest.fixture
def edith() -> User:
    return User.objects.create(email="edith@example.com")


@pytest.fixture
def francis() -> User:
    return User.objects.create(email="francis@example.com")


@pytest.fixture
def client_of_edith(edith: User) -> Client:
    return _logged_in(edith)


@pytest.fixture
def client_of_francis(francis: User) -> Client:
    return _logged_in(francis)


@pytest.fixture
def list_of_edith(edith: User) -> List:
    return List.objects.start("Buy peacock feathers", edith)


@pytest.fixture
def open_list() -> List:
    return List.objects.start("Buy milk", AnonymousUser())


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
