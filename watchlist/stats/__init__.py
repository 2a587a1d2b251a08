"""Statistics of a list: the counts, the calendar of viewings, and the model of the page that shows them."""
