"""Actions of the main screen, one subject per file. A module is imported when one of its keys is first pressed."""
