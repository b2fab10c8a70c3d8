-- Every ten minutes keys older than a day are forgotten: by this, and not by reading all that there are. A key's own changes do not
-- touch it.
CREATE INDEX idempotency_keys_oldest ON idempotency_keys (created_at);
