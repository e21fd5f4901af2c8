"""What people run through `make`; `setup` and `package_index` do without any installed package."""
