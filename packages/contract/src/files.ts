import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, Nothing, byId, nullable, object } from './fields.ts'

/** Name of a smaller picture made of a file, such as `thumb_360`, `large_1280` or `poster`. */
const Rendition = Type.String({ maxLength: 32, pattern: '^[a-z0-9_]{1,32}$' })

/**
 * A file as people see it. What only looking into it tells is null until that was done; then those who
 * have its message hear of it by `MessageUpdated`.
 */
export const File = object({
  id: Id,
  /** Path of `openFile` on the chat-server. */
  url: Type.String(),
  name: Type.String(),
  /** By what the file holds, whatever was said of it. */
  mime: Type.String(),
  /** Bytes. */
  size: Type.Integer(),
  /** What its owner says of it for those who do not see it. */
  alt: nullable(Type.String()),
  /** Pixels, as it is to be seen: after any turn that the picture asks for. */
  width: nullable(Type.Integer()),
  height: nullable(Type.Integer()),
  blur_hash: nullable(Type.String()),
  duration_ms: nullable(Type.Integer()),
  /** What a text, or the first page of a PDF, begins with: 8 lines and 600 characters at most. */
  text_preview: nullable(Type.String()),
  /** Names of what `rendition` may ask for. */
  renditions: Type.Array(Type.String()),
})
export type File = Static<typeof File>

/** Where a file is, for a while and for whom it was made: whoever has the address has the file. */
const Place = {
  url: Type.String({ description: 'Absolute, or a path on the chat-server' }),
  expires_at: Type.String({ description: 'RFC 3339, UTC, milliseconds' }),
}

export const uploadFiles = endpoint({
  method: 'POST',
  path: '/api/upload',
  summary:
    'Store files, one per part named `file`. They are the caller’s alone until sent, for a day.',
  tag: 'Files',
  auth: 'access',
  form: true,
  body: Type.Unsafe<FormData>({
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } },
  }),
  replies: { 201: object({ files: Type.Array(File) }) },
  errors: [
    'malformed_upload',
    'file_too_large',
    'too_many_files',
    'quota_exceeded',
    'storage_full',
    'request_timeout',
  ],
})

export const openFile = endpoint({
  method: 'GET',
  path: '/api/files/:id',
  summary: 'Where the file is, for at most five minutes; `download` asks for it as an attachment.',
  tag: 'Files',
  auth: 'access',
  redirects: true,
  params: byId,
  query: object({
    rendition: Type.Optional(Rendition),
    download: Type.Optional(Type.Boolean()),
  }),
  replies: { 200: object(Place) },
  errors: ['not_found'],
})

export const listFileUrls = endpoint({
  method: 'GET',
  path: '/api/files/urls',
  summary:
    'Where up to 100 files are. Those that one may not see, or that lack the rendition, are left out.',
  tag: 'Files',
  auth: 'access',
  query: object({
    ids: Type.Array(Id, { minItems: 1, maxItems: 100 }),
    rendition: Type.Optional(Rendition),
  }),
  replies: { 200: object({ urls: Type.Array(object({ id: Id, ...Place })) }) },
})

export const describeFile = endpoint({
  method: 'PATCH',
  path: '/api/files/:id',
  summary:
    'Say of one’s own file what is to be seen or heard in it, before or after it was sent; null takes it back.',
  tag: 'Files',
  auth: 'access',
  params: byId,
  body: object({
    /** 1 to 1,000 characters, with something other than blanks. */
    alt: nullable(Type.String({ minLength: 1, maxLength: 1000, pattern: '\\S' })),
  }),
  replies: { 200: File },
  errors: ['not_found', 'forbidden'],
})

export const deleteFile = endpoint({
  method: 'DELETE',
  path: '/api/files/:id',
  summary: 'Remove a file of one’s own that hangs on no message.',
  tag: 'Files',
  auth: 'access',
  params: byId,
  replies: { 204: Nothing },
  errors: ['not_found'],
})
