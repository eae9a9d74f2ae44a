"""What is kept of a scenario that failed, so that no one has to go looking for the reason."""
