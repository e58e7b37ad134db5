"""Files have no states: an attachment is seen by whoever may see the record it belongs to."""
