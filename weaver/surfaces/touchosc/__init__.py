"""Layouts for TouchOSC, made from the table of addresses: documents, the pages in them, and their script."""
