"""The vocabulary of a process document, as frozen pydantic models: what an author wrote, and nothing of what it means.

These models are also the stored, validated form of a published definition (`model_dump_json`): running never parses YAML.
"""
