"""Release names: which show and episode the name of a video file stands for, e.g. `slow.horses.s02e03.1080p.mkv`."""
