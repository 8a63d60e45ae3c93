"""Commands of the queue and SMTP edge."""
