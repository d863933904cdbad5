"""The page of the design system: its tokens as the style sheet has them, and samples for every component."""
