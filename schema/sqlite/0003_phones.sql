-- A used code stays with the key that it enrolled until it expires: the phone that lost the answer asks again.
ALTER TABLE enrolment_code ADD COLUMN used_by BLOB;         -- public key; NULL: not used yet

CREATE INDEX device_by_key ON device (tenant_key, public_key);

-- Until now a phone was revoked only together with its gestor, who may have come back without it. A phone is out of
-- service while its gestor is; `revoked` says that this very phone was taken out.
UPDATE device SET revoked = 0;
