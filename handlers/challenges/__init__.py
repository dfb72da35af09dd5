"""Plans of many days: enrolment, daily submissions, certificates."""
