"""The twelve weeks of Wrenfield, told as what its people do."""
