"""Look-ups: ask a service on the internet for what it knows of one show."""
