"""What is prepared: goals written as a tree, outlines to begin with, and amendments of what is published."""
