"""What is kept of a scenario that failed, so that nobody has to go looking for the reason."""
