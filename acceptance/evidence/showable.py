"""Text that every file in UTF-8 can hold."""


def showable(text: str) -> str:
    r"""Return a text in which what is no character is replaced by its number.

    Python keeps bytes that are no text as halves of surrogate pairs: "caf\udce9" stays readable.
    """
    return text.encode(errors="backslashreplace").decode()
