"""`make watch`: run the suite without a browser at each save."""
