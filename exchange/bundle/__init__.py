"""The company bundle (spec/bundle.md): reading, checking, merging and writing."""
