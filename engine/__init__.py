"""The workflow engine: definitions, the pure core, the store and the shell around them.

Layers (import only downward): app → runtime → authoring → store → core → definition → errors, label.
"""
