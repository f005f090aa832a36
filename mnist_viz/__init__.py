"""The library behind the pages: everything that can be tested without a browser."""
