# tests/core/observe
