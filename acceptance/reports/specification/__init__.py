"""The features as a document for product owners, with their results at each place."""
