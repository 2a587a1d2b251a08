"""Sources of facts about shows: the only package that may open a connection, and only when the user asks for one."""
