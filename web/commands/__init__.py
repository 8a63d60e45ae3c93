"""Commands of the HTTP edge."""
