"""Time arithmetic: lengths of time, working calendars, deadlines. Pure; knows no case, no document and no clock."""
