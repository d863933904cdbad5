"""Charts as numbers that templates draw as SVG: no script, no style of their own, and a sentence for whoever cannot see
them.
"""
