class Refused(Exception):  # noqa: N818 (it is an answer, not an error)
    """This must not be done here; the text is one sentence with the reason and what to do."""
