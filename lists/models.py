"""Lists, their items, and who may see them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, TypeAlias

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone

from accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Visitor: TypeAlias = User | AnonymousUser


MAX_LENGTH = 255
"""The most characters in an item, or in the name of a list."""

NAME_OF_EMPTY_LIST = "Empty list"


class DuplicateItemError(Exception):
    """The list already has an item with the same text."""


@contextmanager
def _without_duplicates() -> Iterator[None]:
    """Write the text of an item; raise DuplicateItemError if the list has it already."""
    try:
        # The savepoint keeps a surrounding transaction usable: PostgreSQL refuses everything after
        # an error.
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise DuplicateItemError from error


class ListQuerySet(models.QuerySet["List"]):
    """Lists, filtered by what a visitor may do with them."""

    def visible_to(self, visitor: "Visitor") -> Self:
        """The lists that the visitor may see and add to.

        A list without an owner is open to anyone who knows its address. A list with an owner
        is for the owner and for the people it is shared with.
        """
        return self.filter(owner=None) | self.owned_by(visitor) | self.shared_with(visitor)

    def owned_by(self, visitor: "Visitor") -> Self:
        """The visitor's own lists, which only the visitor may share."""
        if not visitor.is_authenticated:
            return self.none()
        return self.filter(owner=visitor)

    def shared_with(self, visitor: "Visitor") -> Self:
        """The lists of others that the visitor may see and add to."""
        if not visitor.is_authenticated:
            return self.none()
        shares = List.shared_with.through.objects.filter(list=OuterRef("pk"), user=visitor)
        return self.filter(Exists(shares))

    def with_names(self) -> Self:
        """The lists with their owners and with ``shown_name``, what people read above them.

        That is the name that a person has given to the list, or else the text of its first item.
        """
        first_text = Item.objects.filter(list=OuterRef("pk")).values("text")[:1]
        given_name = NullIf("name", Value(""))
        shown_name = Coalesce(given_name, Subquery(first_text), Value(NAME_OF_EMPTY_LIST))
        return self.select_related("owner").annotate(shown_name=shown_name)

    def newest_first(self) -> Self:
        """The lists with their names, those that were started last at the top."""
        return self.with_names().order_by("-created_at")

    def start(self, first_text: str, visitor: "Visitor") -> "List":
        """Make a list with its first item; it belongs to the visitor, if logged in."""
        with transaction.atomic():
            todo_list = self.create(owner=visitor if visitor.is_authenticated else None)
            todo_list.add(first_text)
        return todo_list


class List(models.Model):
    """A to-do list. Its id is part of its address, and random, so that no one can guess it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="lists",
    )
    shared_with = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="lists_of_others")
    created_at = models.DateTimeField(default=timezone.now)
    # The database has the default, too: see `Item.is_done`.
    name = models.CharField(max_length=MAX_LENGTH, blank=True, default="", db_default="")

    # `ListQuerySet.with_names` adds it.
    shown_name: str

    objects = ListQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)

    def get_absolute_url(self) -> str:
        """The address of the page that shows the list."""
        return reverse("lists:view", args=[self.id])

    def add(self, text: str) -> "Item":
        """Put an item at the end of the list.

        The database rejects duplicates, so that only one of two that arrive at the same time is
        added.

        Raises:
            DuplicateItemError: the list already has this text.
        """
        with _without_duplicates():
            return self.items.create(text=text)

    def restore(self, record: str) -> "Item":
        """Put a removed item back into its place, unless it is there already.

        Args:
            record: what `Item.remove` returned.

        Raises:
            DuplicateItemError: the list has another item with this text by now.
            BadSignature: this is no record of an item of this list.

        """
        item_id, text, is_done = signing.loads(record, salt=self.salt_of_records)
        with _without_duplicates():
            item, _ = self.items.get_or_create(
                pk=item_id, defaults={"text": text, "is_done": is_done}
            )
        return item

    @property
    def salt_of_records(self) -> str:
        """What keeps a record of an item from being used for another list."""
        return f"removed from {self.pk}"

    def keep_for(self, person: "Visitor") -> bool:
        """Make an open list the own one of a person who is logged in; False if it has an owner."""
        return bool(List.objects.filter(pk=self.pk, owner=None).update(owner=person))

    def open(self) -> bool:
        """Let the list belong to no one, so that anyone who has its address can change it.

        Returns:
            whether it could be opened, because it is not shared with anyone.

        """
        with transaction.atomic():
            # A request that shares the list at the same time has to wait.
            owned = List.objects.select_for_update().filter(pk=self.pk, owner=self.owner).first()
            if owned is None or owned.shared_with.exists():
                return False
            owned.owner = None
            owned.save()
        return True

    def share_with(self, address: str) -> None:
        """Let the person with this canonical address see and change the list.

        The person does not have to have logged in before. Sharing twice has no further effect.
        """
        sharee, _ = User.objects.get_or_create(email=address)
        self.shared_with.add(sharee)

    def may_be_renamed_by(self, visitor: "Visitor") -> bool:
        """Whether the visitor may rename the list: it is theirs, or has no owner."""
        return self.owner is None or self.owner == visitor

    def is_shared_with(self, address: str) -> bool:
        """Whether the person with this canonical address may see and change the list."""
        # PostgreSQL compares no text with a null character, which a request may contain.
        return address in self.shared_with.values_list("email", flat=True)

    def stop_sharing_with(self, address: str) -> None:
        """Let the person with this canonical address no longer see the list, if they could."""
        self.shared_with.remove(*User.objects.filter(email=address))


class Item(models.Model):
    """One thing to do. Items keep the order in which they were added."""

    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="items")
    text = models.CharField(max_length=MAX_LENGTH)
    # The database has the default, too: an earlier release, to which a site may be rolled back,
    # adds items without it.
    is_done = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("list", "text"), name="item_unique_in_its_list"),
        )

    def __str__(self) -> str:
        return self.text

    def change_text(self, was: str, text: str) -> bool:
        """Change the text, if it still is what the person saw; say whether it was.

        The database decides, so that of two changes at the same time one is refused.

        Raises:
            DuplicateItemError: the list has another item with this text already.

        """
        with _without_duplicates():
            return bool(Item.objects.filter(pk=self.pk, text=was).update(text=text))

    def remove(self) -> str:
        """Delete the item; return a signed record, from which `List.restore` makes it again."""
        record = signing.dumps([self.pk, self.text, self.is_done], salt=self.list.salt_of_records)
        self.delete()
        return record
