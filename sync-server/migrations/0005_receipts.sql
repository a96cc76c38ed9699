-- Receipts are looked up by their reference, which is in the projection. What was erased has
-- none.
CREATE INDEX records_by_reference ON records (
    CASE WHEN json_valid(projection) THEN json_extract(projection, '$.reference') END
) WHERE submitted_at IS NOT NULL;
