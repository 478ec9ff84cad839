"""content/ → Content: files become checked types that know where they were written."""
