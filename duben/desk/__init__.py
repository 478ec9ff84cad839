"""The editor's tools, on top of all the rest."""
