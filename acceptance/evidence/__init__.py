"""The evidence of failed scenarios, from which people can find the reason."""
