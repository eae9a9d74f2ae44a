"""What is attached to a run: screenshots, pages, logs, as Cucumber Messages carry them."""

import base64
import re
from dataclasses import dataclass
from email.message import Message

from cucumber_messages import Attachment, AttachmentContentEncoding

from acceptance.evidence.showable import showable
from acceptance.reports.moments import timestamp

# RFC 6838, section 4.2, with the parameters that may follow on the same line.
_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*"
# RFC 6839, section 3.1: what ends in "+json" can be read as JSON.
_JSON = re.compile(r"application/(.*\+)?json\Z")
_MEDIA_TYPE = re.compile(rf"{_NAME}/{_NAME}\s*(;[^\r\n\0]*)?\Z")


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

    @classmethod
    def of(cls, mime_type: object, data: object, moment: int) -> "Attached":
        """Return what a step has attached, or a sentence that explains why it cannot be attached.

        An attachment must never cost the rest of a report.
        """
        if not isinstance(mime_type, str) or not _MEDIA_TYPE.match(mime_type):
            sentence = f"Something was attached here as {mime_type!r}, which is not a media type."
            return cls("text/plain", sentence, moment)
        mime_type = showable(mime_type)
        if isinstance(data, str):
            return cls(mime_type, data, moment)
        if isinstance(data, bytes | bytearray | memoryview):
            # A copy, because the step may go on writing to its buffer.
            return cls(mime_type, bytes(data), moment)
        sentence = (
            f"Something was attached here as {mime_type} that cannot be shown: "
            f"it is a {type(data).__name__}, and only text and bytes can be attached."
        )
        return cls("text/plain", sentence, moment)

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
        body, encoding = self._body(header.get_content_type(), header.get_content_charset())
        if encoding is AttachmentContentEncoding.identity:
            # Now it is text, in the encoding of the messages.
            header.del_param("charset")
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

    def _body(self, media_type: str, charset: str | None) -> tuple[str, AttachmentContentEncoding]:
        if isinstance(self.data, str):
            return self.data, AttachmentContentEncoding.identity
        is_text = media_type.startswith("text/") or _JSON.match(media_type)
        if is_text or _is_known(charset):
            encoding = charset if charset and _is_known(charset) else "utf-8"
            # A log may end in the middle of a letter.
            text = self.data.decode(encoding, errors="replace")
            return text, AttachmentContentEncoding.identity
        return base64.b64encode(self.data).decode("ascii"), AttachmentContentEncoding.base64


def _is_known(charset: str | None) -> bool:
    try:
        # Some of Python's encodings, such as base64, do not turn bytes into text.
        return bool(charset and b"x".decode(charset, errors="replace"))
    except (LookupError, ValueError):
        return False
