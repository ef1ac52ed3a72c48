# tests/core/schema
