-- What is overdue or past its warning, found without reading every clock of the organisation.
CREATE INDEX sla_clocks_live ON sla_clocks (org_id, (coalesce(warn_at, due_at))) WHERE state IN ('running', 'paused');
