"""What is attached to a run: screenshots, pages, logs, as Cucumber Messages carry them."""

import base64
from dataclasses import dataclass
from email.message import Message

from cucumber_messages import Attachment, AttachmentContentEncoding

from reporting.moments import timestamp


@dataclass(frozen=True)
class Attached:
    """Something that was attached.

    Attributes:
        mime_type: its type as behave's `context.attach` took it; a file's name may follow as a
            parameter, as in `image/webp; name="What Edith sees.webp"` (RFC 2045).
        data: the thing itself.
        moment: when, in nanoseconds since 1970 (UTC).

    """

    mime_type: str
    data: bytes | str
    moment: int

    def message(
        self,
        *,
        test_case_started: str | None = None,
        test_step: str | None = None,
        run_started: str | None = None,
        run_hook_started: str | None = None,
    ) -> Attachment:
        """Return the message of something that was attached to what has one of these ids."""
        header = Message()
        header["Content-Type"] = self.mime_type
        name = header.get_filename()
        header.del_param("name")
        body, encoding = self._body(header.get_content_type())
        return Attachment(
            body=body,
            content_encoding=encoding,
            media_type=header["Content-Type"],
            file_name=name,
            timestamp=timestamp(self.moment),
            test_case_started_id=test_case_started,
            test_step_id=test_step,
            test_run_started_id=run_started,
            test_run_hook_started_id=run_hook_started,
        )

    def _body(self, media_type: str) -> tuple[str, AttachmentContentEncoding]:
        if isinstance(self.data, str):
            return self.data, AttachmentContentEncoding.identity
        if media_type.startswith("text/") or media_type == "application/json":
            # A log may end in the middle of a letter.
            text = self.data.decode("utf-8", errors="replace")
            return text, AttachmentContentEncoding.identity
        return base64.b64encode(self.data).decode("ascii"), AttachmentContentEncoding.base64
