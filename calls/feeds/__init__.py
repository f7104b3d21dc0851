"""What other programs read again and again: calendars and the feed of news."""
