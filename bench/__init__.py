"""Measurements that anybody can run again: `make bench`."""
