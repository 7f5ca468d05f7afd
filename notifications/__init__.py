"""Says things to people. Empty until messages are built; knows no case and no role."""
