"""Who somebody is, where they are a member, and the private chat they are reached by."""
