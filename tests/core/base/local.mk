# tests/core/base
