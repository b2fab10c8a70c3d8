import { z } from 'zod';

/** Where raw mails and attachments lie. Every service that reads or writes them needs the same values. */
export const blobVariables = {
  /** `local`: a folder. `s3`: a bucket of S3 or of a store that speaks its protocol. */
  BLOB_STORE: z.enum(['local', 's3'], { error: 'must be local or s3' }).default('local'),
  /** The folder of `local`; with `s3` what is on its way is written here first, so that its hash is known. */
  BLOB_DIR: z.string().min(1).default('.deskwire/blobs'),
  /** The bucket; needed by `s3`. */
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket, such as deskwire-blobs')
    .optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  /** Another store than Amazon's, such as https://minio.example.com:9000; its buckets are then addressed by path. */
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://minio.example.com:9000' })
    .optional(),
  /** Both or neither: without them the AWS SDK looks where it always does (AWS_… variables, the machine's role). */
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
};

export type BlobSettings = z.output<z.ZodObject<typeof blobVariables>>;

/** What one variable alone cannot tell. @throws Error that names the variables and what they may be */
export function checkBlobSettings(settings: BlobSettings): void {
  if (settings.BLOB_STORE === 's3' && settings.S3_BUCKET === undefined)
    throw new Error('The environment has values that cannot be used:\n  S3_BUCKET: must be set when BLOB_STORE is s3');
  if ((settings.S3_ACCESS_KEY_ID === undefined) !== (settings.S3_SECRET_ACCESS_KEY === undefined))
    throw new Error(
      'The environment has values that cannot be used:\n  S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: set both or neither',
    );
}
