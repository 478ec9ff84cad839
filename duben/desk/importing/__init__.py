"""From a file as it was found to a text of the edition: `duben import`."""
