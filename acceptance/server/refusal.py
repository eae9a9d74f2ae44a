class Refused(Exception):  # noqa: N818 (it is an answer, not an error)
    """This must not be done here; the text is one sentence that says why and what to do."""
