"""What runs beside the pages in the web process: routes, the reader of the runs, start-up, and who may act."""
