"""The offline catalogue: titles, episodes and casts from IMDb's dataset files, in an SQLite file in the cache folder."""
