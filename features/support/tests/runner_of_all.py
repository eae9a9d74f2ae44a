"""A runner that runs what needs a browser also where there is none."""

from unittest.mock import patch

from acceptance.running import runner
from acceptance.running.runner import SuiteRunner


class RunnerOfAll(SuiteRunner):
    """Leaves out nothing, so that it can be seen what fails without a browser."""

    def _select(self) -> None:
        with patch.object(runner, "leave_out_what_needs_browser", return_value=[]):
            super()._select()
