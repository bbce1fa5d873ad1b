"""Clusters at work: training with scikit-learn, versions on disk, traits published, labels accepted, drift watched."""
