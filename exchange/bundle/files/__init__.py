"""The files of a bundle: found and read in a folder, a zip or alone, and written."""
