"""Says things to people. A leaf: knows no case, no role and no database."""
