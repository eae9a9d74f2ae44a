"""What a run leaves behind for those who were not there: its messages, and reports of them."""
