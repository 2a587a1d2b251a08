"""The history of the list: the journal of changes, the backups, and the detection of data loss."""
