"""The company bundle (spec/bundle.md): reading, checking, merging, writing, and making one up."""
