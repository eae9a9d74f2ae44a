"""The features as a document to read, with what came of them here and on staging."""
