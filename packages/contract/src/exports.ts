import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Time, nullable, object } from './fields.ts'

/** Everything of oneself, as a zip that is made while it is fetched. */
export const DataExport = object({
  requested_at: Time,
  expires_at: Type.String({ description: 'From then on it is gone, and one may ask again' }),
  url: nullable(
    Type.String({
      description:
        'Where it is: good for five minutes, ask again for another. Null in other sessions than the one that asked',
    }),
  ),
})
export type DataExport = Static<typeof DataExport>

export const requestExport = endpoint({
  method: 'POST',
  path: '/api/me/export',
  summary:
    'Ask for everything of oneself: a zip of JSON and one’s files, for a day. Once a day; it ends with the session.',
  tag: 'Security',
  auth: 'confirmed',
  replies: { 201: DataExport },
})

export const getExport = endpoint({
  method: 'GET',
  path: '/api/me/export',
  summary: 'The export of the caller’s data that is to be had now, with its address.',
  tag: 'Security',
  auth: 'access',
  replies: { 200: object({ export: Type.Union([DataExport, Type.Null()]) }) },
})
