"""What the views of the runtime are as objects for JSON: one shape for the command line, the API and whoever else reads them."""
