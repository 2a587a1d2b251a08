"""Actions of the main screen, one subject per file. Their dialogs are imported when they are first opened."""
