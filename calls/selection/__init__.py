"""Selecting applications: from frozen scores, quotas and money to a proven list. Pure: no Django."""
