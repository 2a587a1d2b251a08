"""How fast the program is, as ratios to the least that the same work can cost. `python -m tests.bench` prints the table."""
