"""The server's half of the acceptance suite; a production site never installs it."""
