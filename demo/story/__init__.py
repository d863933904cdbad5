"""The twelve weeks of Wrenfield, as the actions of its people."""
