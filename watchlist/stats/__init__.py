"""Statistics of a list: counts, the calendar of viewings, and the content of the statistics page."""
