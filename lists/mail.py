"""The email to a person that a list is shared with."""

import logging

from django.http import HttpRequest
from django.urls import reverse

from accounts.limits import TooManyRequestsError
from accounts.mail import AddressRefusedError, send_email
from accounts.site_address import address_on_site
from lists.limits import admit_first_email, admit_sharing_email, forget_first_email
from lists.models import List

logger = logging.getLogger(__name__)

SUBJECT = "A to-do list has been shared with you"

# It contains nothing that its owner has typed but a valid address: otherwise anyone could have the
# site send their text to strangers.
_BODY = """\
{owner} has shared a to-do list with you on Superlists.

You find it under My lists when you log in with this email address, {address}:

{page}

If you do not know this person, you can ignore this email."""

SENT = "We have sent them an email."
NOT_SENT = "We could not send them an email, so please tell them yourself."
TOO_MANY = (
    "We have sent them no email, because too many have been sent in the last hour. Please tell"
    " them yourself."
)


class NotToldError(Exception):
    """The person has got no email; the text says why, and what to do."""


def tell_sharee(request: HttpRequest, todo_list: List, address: str) -> bool:
    """Send an email about a list to the canonical address that it is to be shared with.

    Returns:
        True, or False if one about this list was sent within an hour: sharing, stopping and sharing
        again does not fill a mailbox.

    Raises:
        AddressRefusedError: no email can ever reach the address.
        NotToldError: the email could not be sent, or too many have been sent.

    """
    owner = str(todo_list.owner)
    page = address_on_site(request, reverse("lists:mine"))
    try:
        admit_first_email(address, todo_list.pk)
    except TooManyRequestsError:
        return False
    is_sent = False
    try:
        admit_sharing_email(owner, address)
        send_email(address, SUBJECT, _BODY.format(owner=owner, address=address, page=page))
        is_sent = True
    except AddressRefusedError:
        raise
    except TooManyRequestsError as error:
        raise NotToldError(TOO_MANY) from error
    except OSError as error:
        logger.exception("No email about a shared list to %s", address, extra={"request": request})
        raise NotToldError(NOT_SENT) from error
    finally:
        # Sharing again then tries again. The limits of the owner and of the address still count
        # the attempt, so that no one can make the site call the mail server all day.
        if not is_sent:
            forget_first_email(address, todo_list.pk)
    return True
