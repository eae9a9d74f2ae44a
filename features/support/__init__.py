"""What the steps stand on: the world, its people, their pages and browser, and the profiles."""
