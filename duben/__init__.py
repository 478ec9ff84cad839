"""duben 读本: a static site generator for annotated reading editions of Chinese texts."""

__version__ = "0.1.0"
