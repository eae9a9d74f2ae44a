"""Changes of the site that no one has to notice: a test that goes red for one of them is wrong."""
