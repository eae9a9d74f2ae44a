"""The tasks of `fab`: provision servers, deploy the site to them, and rehearse it."""

from fabric import Config
from invoke.collection import Collection


def __getattr__(name: str) -> Collection:
    """Collect the tasks when `fab` asks for them: the rehearsal imports modules of this package."""
    if name != "namespace":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from fabfile import tasks  # noqa: PLC0415
    from testbeds.rehearsal import tasks as rehearsal_tasks  # noqa: PLC0415

    namespace = Collection.from_module(tasks)
    namespace.add_collection(Collection.from_module(rehearsal_tasks, name="rehearsal"))
    # ssh decides what a person does not type; Fabric would use the local user and port 22.
    namespace.configure({"user": "", "port": 0})
    return namespace


def _leave_it_to_ssh(_config: Config) -> None:
    """Read no ssh configuration: Fabric's parser ends with a traceback at unknown options.

    No setting of Fabric turns it off for `fab -S FILE`.
    """


Config._load_ssh_files = _leave_it_to_ssh  # noqa: SLF001
