"""What is wrong with a pack or its bindings, each problem with its place."""
