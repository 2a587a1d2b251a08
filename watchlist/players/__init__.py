"""Scripts for video players, shipped inside the package: they call `watchlist seen` for what was played."""


def mpv_script() -> str:
    """Return the script for mpv, in Lua."""
    from importlib.resources import files  # slow to import, and only needed for this script

    return files(__name__).joinpath("mpv.lua").read_text("utf-8")
