"""Arrays in, plotly figures out: one file per family, and the only Python that knows colours."""
