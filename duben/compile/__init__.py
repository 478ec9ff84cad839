"""Content → Edition: scripts, anchors, terms and segments."""
