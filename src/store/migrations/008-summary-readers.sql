-- Who reads the summary that was made, as hosts had said by the end of the meeting; NULL: none was made
ALTER TABLE meeting ADD COLUMN readers TEXT CHECK (readers IN ('hosts', 'people'));
-- all those of before could be read with one and the same link
UPDATE meeting SET readers = 'hosts' WHERE id IN (SELECT meeting FROM summary);
