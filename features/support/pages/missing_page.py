"""The page that stands where there is nothing."""

from http import HTTPStatus

from acceptance.mismatch import Mismatch
from acceptance.pages.page import Page

HEADING = "There is nothing here"


class MissingPage(Page):
    """What people see whose address leads to nothing that they may see."""

    def is_shown(self, otherwise: str) -> None:
        """See the page that says that there is nothing here, and its way home.

        Args:
            otherwise: what the person sees if the site does not refuse the page, in a sentence.

        Raises:
            AssertionError: another page is shown.

        """
        cause = ""
        if self.session.responses[-1].status != HTTPStatus.NOT_FOUND:
            cause = f"{otherwise}, and the page should not be there"
        self.session.accept_response()

        def heading_says_so() -> None:
            headings = self.session.texts("h1")
            expected = [HEADING]
            assert headings == expected, Mismatch(
                f"the heading is {headings}, not {expected}",
                expected,
                headings,
                "heading",
                cause=cause,
            )

        self.session.eventually(heading_says_so)
        status = self.session.responses[-1].status
        assert status == HTTPStatus.NOT_FOUND, Mismatch(
            f"the site answered with the status {status}, not {HTTPStatus.NOT_FOUND}",
            HTTPStatus.NOT_FOUND,
            status,
            "status",
        )
        assert self.session.texts("main a[href='/']"), (
            f"the page does not lead home: its links are {self.tags('main a')}"
        )
