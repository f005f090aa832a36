"""The run store: a run is a folder, and the folder is all that the trainer and the viewers share."""
