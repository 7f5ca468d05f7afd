"""Proofs about definitions: whether conditions can hold together, and by which values. Knows compiled definitions, no store.

A proof answers *no*, *yes, by these values*, or *not decided* with the reason; it is bounded, deterministic and never silent.
"""
