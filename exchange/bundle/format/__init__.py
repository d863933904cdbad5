"""The format of a bundle (spec/bundle.md): its files, their columns and what a cell may hold."""
