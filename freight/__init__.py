"""freight: plans for China–Europe trains and rail–water–air through transport."""

__version__ = "0.1.0"
