from behave.runner import Context


def before_all(context: Context) -> None:
    context.attach("text/plain", b"Attachment from BeforeAll hook")


def after_all(context: Context) -> None:
    context.attach("text/plain", b"Attachment from AfterAll hook")
