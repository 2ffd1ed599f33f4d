"""The forms of documents, each read into text, tables and pages; the functions run in a process of their own."""
