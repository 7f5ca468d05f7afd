"""The doors for other programs: HTTP in, and what a server needs. Parses, asks the application, answers; decides nothing."""
