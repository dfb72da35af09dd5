"""What is in force: packs and bindings read from `SOP_DIR`, kept by version, for each group."""
