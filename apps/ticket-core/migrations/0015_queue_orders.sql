-- The orders in which agents work off a queue, of open tickets alone: beside a million closed ones these indexes stay small, and
-- a page of "open, by deadline" is their first entries (docs/adr/0023).
CREATE INDEX tickets_queue_by_deadline ON tickets
  (org_id, (CASE WHEN sla_deadline IS NULL THEN 'infinity'::timestamptz ELSE sla_deadline END), id, status)
  WHERE status IN ('open', 'in_progress', 'pending', 'on_hold') AND deleted_at IS NULL;
CREATE INDEX tickets_queue_by_priority ON tickets
  (org_id, (CASE priority WHEN 'urgent' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END) DESC, created_at DESC, id DESC, status)
  WHERE status IN ('open', 'in_progress', 'pending', 'on_hold') AND deleted_at IS NULL;
