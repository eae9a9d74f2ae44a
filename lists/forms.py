"""The forms on the pages of lists, and the messages with which they refuse input."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from accounts.forms import AddressField
from lists.models import MAX_LENGTH, DuplicateItemError, Item, List

EMPTY_ITEM = "You can't have an empty list item"
DUPLICATE_ITEM = "You've already got this in your list"
LONG_ITEM = "An item can have at most %(limit_value)d characters, and this one has %(show_value)d"
UNREADABLE_ITEM = "This item contains a character that cannot be saved. Please type it again"
LONG_NAME = "A name can have at most %(limit_value)d characters, and this one has %(show_value)d"
UNREADABLE_NAME = "This name contains a character that cannot be saved. Please type it again"
CHANGED_MEANWHILE = (
    "Someone else has changed this item to “%s”. Save again to replace that with your text"
)
SHARED_WITH_ONESELF = "This list is already yours."


def is_visible(text: str) -> bool:
    """Whether anyone could see the text."""
    return any(character.isprintable() and character != " " for character in text)


class ItemForm(forms.Form):
    """One thing to do."""

    # No max_length: the browser would silently cut off a long text that is pasted.
    text = forms.CharField(
        validators=[MaxLengthValidator(MAX_LENGTH)],
        error_messages={
            "required": EMPTY_ITEM,
            "max_length": LONG_ITEM,
            "null_characters_not_allowed": UNREADABLE_ITEM,
        },
    )

    def clean_text(self) -> str:
        """Refuse invisible text, such as a zero-width space alone."""
        text: str = self.cleaned_data["text"]
        if not is_visible(text):
            raise ValidationError(EMPTY_ITEM)
        return text

    def add_to(self, todo_list: List) -> bool:
        """Add the item to the list; False if it is refused, with the reason in ``errors``."""
        if not self.is_valid():
            return False
        try:
            todo_list.add(self.cleaned_data["text"])
        except DuplicateItemError:
            self.add_error("text", DUPLICATE_ITEM)
            return False
        return True


class EditForm(ItemForm):
    """Another text for an item.

    Attributes:
        item: the item as it is now.
        status: HTTP's status code for what `change` returned.

    """

    # What the person saw when they began to edit.
    seen = forms.CharField(required=False, strip=False)

    def __init__(self, item: Item, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"text": item.text})
        self.item = item
        self.status = HTTPStatus.BAD_REQUEST

    @property
    def new_text(self) -> str:
        """The text to change it to."""
        return str(self.cleaned_data["text"])

    @property
    def was(self) -> str:
        """The text that it is to replace."""
        seen: str = self.cleaned_data["seen"]
        # Browsers send a line break, which a program may have added, as "\r\n".
        is_current = seen.splitlines() == self.item.text.splitlines()
        return self.item.text if is_current else seen

    def seen_now(self) -> str:
        """Return what the person has seen: text of someone else only once a conflict shows it."""
        shows_conflict = self.status == HTTPStatus.CONFLICT
        return str((not shows_conflict and self.data.get("seen")) or self.item.text)

    def change(self) -> bool:
        """Change the item; False if that is refused, with the reason in ``errors``.

        Raises:
            Item.DoesNotExist: someone else has removed it since this form was made.

        """
        if not self.is_valid():
            return False
        try:
            # It has the new text already if a button was pressed twice.
            is_changed = self.item.text == self.new_text or self.item.change_text(
                self.was, self.new_text
            )
        except DuplicateItemError:
            self.add_error("text", DUPLICATE_ITEM)
            return False
        if not is_changed:
            self.status = HTTPStatus.CONFLICT
            # It may have been changed since this form was made.
            self.item.refresh_from_db()
            self.add_error("text", CHANGED_MEANWHILE % self.item.text)
        return is_changed


class NameForm(forms.Form):
    """A name for a list; without one, the list has the name of its first item."""

    name = forms.CharField(
        required=False,
        validators=[MaxLengthValidator(MAX_LENGTH)],
        error_messages={"max_length": LONG_NAME, "null_characters_not_allowed": UNREADABLE_NAME},
    )

    def clean_name(self) -> str:
        """Take a name that no one could see for none."""
        name: str = self.cleaned_data["name"]
        return name if is_visible(name) else ""


class ShareForm(forms.Form):
    """The address of a person to share a list with."""

    sharee = AddressField()

    def __init__(self, todo_list: List, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.todo_list = todo_list

    def clean_sharee(self) -> str:
        """Refuse the owner's own address."""
        address: str = self.cleaned_data["sharee"]
        if address == str(self.todo_list.owner):
            raise ValidationError(SHARED_WITH_ONESELF)
        return address
