"""Clusters: people who are alike, found by training and told by plain arithmetic.

definition  ->  filling  ->  scaling  ->  (training, in shell)  ->  centroids  ->  words  ->  publish

A cluster's model is small: a scale, a filling and a few centroids. `Model.assign` says in numpy who belongs where;
`publish` writes the same arithmetic as one expression of the language, which the engine then keeps true per event.
"""
