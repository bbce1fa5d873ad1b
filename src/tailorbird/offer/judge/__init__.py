"""The judge: fair questions with known answers, and measures of what retrievers say to them."""
