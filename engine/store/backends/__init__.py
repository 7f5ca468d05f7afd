"""The databases that Aftercare runs on, one a file."""
