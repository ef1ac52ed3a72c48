# tests/core/driver
