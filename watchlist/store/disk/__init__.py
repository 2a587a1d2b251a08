"""Reading and replacing files so that a crash, a full disk or another program loses nothing."""
