"""What the program promises about lists, counted: a test for each figure, short by itself and as published with `--long`."""
