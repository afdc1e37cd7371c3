"""Instances that come with the project: a folder of CSV files each."""
