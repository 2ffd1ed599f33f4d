"""The W3C's test suites for SPARQL 1.1, run against our endpoint; the suites themselves lie outside the project."""
