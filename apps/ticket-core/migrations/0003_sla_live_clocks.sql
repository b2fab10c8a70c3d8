-- What is overdue or past its warning, found without reading every clock of the organisation.
-- CASE and not coalesce, which the planner takes to be leaky: behind row-level security it would not look it up by index.
CREATE INDEX sla_clocks_live ON sla_clocks (org_id, (CASE WHEN warn_at IS NULL THEN due_at ELSE warn_at END)) WHERE state IN ('running', 'paused');
