"""Who people are and what they may do, at an instant. Pure; knows no workflow, no case, no database."""
