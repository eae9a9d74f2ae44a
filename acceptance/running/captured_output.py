"""The output of steps, which behave captures and shows below failed steps."""

from typing import Any

from behave.capture import CaptureBookmark, CaptureController, Captured

from acceptance.hosts.secrets import Secrets


class CaptureWithoutSecrets(CaptureController):
    """Captures output as behave does, and hides secrets in it."""

    def __init__(self, controller: CaptureController, secrets: Secrets) -> None:
        """Continue from the state of another controller."""
        vars(self).update(vars(controller))
        self._secrets = secrets
        self._is_measured = False

    def make_captured(self, failed: Any = None, name: Any = None) -> Captured:  # noqa: ANN401
        """Return the captured output."""
        captured: Captured = super().make_captured(failed=failed, name=name)
        return captured if self._is_measured else self._hidden(captured)

    def make_captured_delta(self, failed: Any = None, name: Any = None) -> Captured:  # noqa: ANN401
        """Return the output that was captured since the last step."""
        # behave cuts it at the length of the output before, in which secrets are not hidden.
        self._is_measured = True
        try:
            captured: Captured = super().make_captured_delta(failed=failed, name=name)
        finally:
            self._is_measured = False
        return self._hidden(captured)

    def make_bookmark(self) -> CaptureBookmark:
        """Return a bookmark of how much was captured until now."""
        self._is_measured = True
        try:
            bookmark: CaptureBookmark = super().make_bookmark()
        finally:
            self._is_measured = False
        return bookmark

    def _hidden(self, captured: Captured) -> Captured:
        if not captured.has_output():
            return captured
        return Captured(
            stdout=self._secrets.hidden_in(captured.stdout),
            stderr=self._secrets.hidden_in(captured.stderr),
            log=self._secrets.hidden_in(captured.log),
            name=captured.name,
            failed=captured.failed,
        )
