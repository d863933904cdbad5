"""The rules between rows, for the bundle and the database together (spec/bundle.md, *Rejected*)."""
