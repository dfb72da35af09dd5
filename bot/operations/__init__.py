"""What an operator does from the command line: look, prove, replay, judge, hand out benefits."""
