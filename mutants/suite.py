"""What the tests of a stage have to offer, so that mutants can meet them."""

from contextlib import AbstractContextManager
from typing import Protocol

from mutants.mutant import Mutant
from mutants.outcome import Outcome, Stage
from mutants.project_copy import ProjectCopy


class Tester(Protocol):
    """The tests of a stage in one worker, with everything that they need already running."""

    def meet(self, mutant: Mutant) -> Outcome:
        """Run the tests that reach a mutant, until one notices it.

        Args:
            mutant: the mutant, which the worker's copy of the project already contains.

        """
        ...


class Suite(Protocol):
    """The tests of a stage.

    Attributes:
        stage: the stage.

    """

    stage: Stage

    def digest(self) -> str:
        """Return a digest of everything on which outcomes depend, apart from the mutant.

        An outcome that was found with the same digest is not looked for again.
        """
        ...

    def says(self, test: str) -> str:
        """Return a digest of what a test says and does itself; "" if there is no such test."""
        ...

    def name_now(self, test: str, said: str) -> str:
        """Return the present name of a test that said the same before; "" if there is none.

        Args:
            test: the name that it had.
            said: what `says` returned then.

        """
        ...

    def prepare(self, project: ProjectCopy) -> None:
        """Find out which tests reach which lines; called once, before the workers begin.

        Args:
            project: a copy of the unchanged project.

        Raises:
            NotReadyError: a test fails although nothing was changed.

        """
        ...

    def opened(self, project: ProjectCopy) -> AbstractContextManager[Tester]:
        """Open the tests in a worker, for the duration of a block.

        Args:
            project: the worker's own copy, with the unchanged site; its working directory is
                elsewhere.

        """
        ...
