"""PyTorch's models and data; `make test-torch` runs these tests in an environment of their own."""
