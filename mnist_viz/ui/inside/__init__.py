"""What the pages that look into a network are made of: its layers, saliency, map, and the answers to a hand."""
