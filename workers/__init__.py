"""The queue and SMTP edge."""
