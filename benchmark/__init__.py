"""How fast the acceptance suite is: `make bench`."""
