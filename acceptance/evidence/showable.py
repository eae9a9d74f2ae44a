"""Text that can be written to any file in UTF-8."""


def showable(text: str) -> str:
    r"""Return a text in which lone surrogates are replaced by escapes.

    Python keeps bytes that it cannot decode as such surrogates: "caf\udce9" stays readable.
    """
    return text.encode(errors="backslashreplace").decode()
