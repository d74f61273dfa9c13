import { type S3Options, type S3Storage, createS3Storage } from '../storage/s3.ts'
import type { S3Server } from './s3-server.ts'

/** The storage that a test's S3 server gives, with the settings that a test wants otherwise. */
export const s3Storage = (
  { settings }: Pick<S3Server, 'settings'>,
  more: Partial<S3Options> = {},
): S3Storage =>
  createS3Storage({
    endpoint: settings.PARLEY_S3_ENDPOINT,
    region: 'us-east-1',
    bucket: settings.PARLEY_S3_BUCKET,
    accessKey: settings.PARLEY_S3_ACCESS_KEY,
    secretKey: settings.PARLEY_S3_SECRET_KEY,
    prefix: '',
    ...more,
  })
