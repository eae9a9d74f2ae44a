"""The code beneath the steps: the world, its people, the pages they use, and the fixtures."""
