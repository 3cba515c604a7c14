-- The signed entry names a visit's files, and is what is asked; nothing reads this second list.
DROP TABLE visit_evidence;
