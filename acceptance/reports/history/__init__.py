"""What is kept of earlier runs, and what has changed since."""
