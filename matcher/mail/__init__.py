"""What a mail says, not how it is sent."""
