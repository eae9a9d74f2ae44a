"""The forms on the pages of lists, and the messages with which they refuse input."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from accounts.forms import AddressField
from lists.models import DuplicateItemError, Item, List

EMPTY_ITEM = "You can't have an empty list item"
DUPLICATE_ITEM = "You've already got this in your list"
LONG_ITEM = "An item can have at most %(limit_value)d characters, and this one has %(show_value)d"
UNREADABLE_ITEM = "This item contains a character that cannot be saved. Please type it again"
SHARED_WITH_ONESELF = "This list is already yours."


class ItemForm(forms.Form):
    """One thing to do."""

    # No max_length: the browser would silently cut off a long text that is pasted.
    text = forms.CharField(
        validators=[MaxLengthValidator(Item.MAX_LENGTH)],
        error_messages={
            "required": EMPTY_ITEM,
            "max_length": LONG_ITEM,
            "null_characters_not_allowed": UNREADABLE_ITEM,
        },
    )

    def clean_text(self) -> str:
        """Refuse invisible text, such as a zero-width space alone."""
        text: str = self.cleaned_data["text"]
        if not any(character.isprintable() and character != " " for character in text):
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


class ShareForm(forms.Form):
    """The address of a person to share a list with."""

    sharee = AddressField()

    def __init__(self, todo_list: List, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.todo_list = todo_list

    def clean_sharee(self) -> str:
        """Refuse the owner's own address."""
        address: str = self.cleaned_data["sharee"]
        if self.todo_list.owner is not None and address == self.todo_list.owner.email:
            raise ValidationError(SHARED_WITH_ONESELF)
        return address
