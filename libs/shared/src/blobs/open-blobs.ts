import type { BlobStore } from './blob-store.js';
import { type BlobSettings, checkBlobSettings } from './blob-variables.js';
import { LocalBlobs } from './local-blobs.js';
import { S3Blobs } from './s3-blobs.js';

/** The store that the configuration names. @throws Error that names a variable which is missing */
export function openBlobs(settings: BlobSettings): BlobStore {
  checkBlobSettings(settings);
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  if (settings.BLOB_STORE === 'local' || bucket === undefined) return new LocalBlobs(settings.BLOB_DIR);
  return new S3Blobs({
    bucket,
    region: settings.S3_REGION,
    endpoint: settings.S3_ENDPOINT,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    spoolFolder: settings.BLOB_DIR,
  });
}
