"""DeepView Lab: look inside neural networks from JupyterLab, live."""

__version__ = "0.1.0"
