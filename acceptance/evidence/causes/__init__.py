"""The causes of a failed step, as far as the server, the browser, the page or the step knows."""
