"""The pages, one blueprint per noun."""
