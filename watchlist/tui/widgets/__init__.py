"""The widgets of the main screen and the dialogs. Each shows the data that it is given and posts messages."""
