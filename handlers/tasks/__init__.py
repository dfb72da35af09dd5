"""Human tasks: what no program can do, prepared for somebody who can."""
