"""Edition → files: pages, their markup, and the output folder."""
