import { nowhere } from '../cast.ts'
import { type Entry, forbidden, hidden, inChat, own } from '../entry.ts'
import { readAll } from './common.ts'

/** A form with one small file (RFC 7578). */
const form = {
  headers: { 'content-type': 'multipart/form-data; boundary=part' },
  body: '--part\r\ncontent-disposition: form-data; name="file"; filename="x.bin"\r\n\r\nxx\r\n--part--\r\n',
}

export const files = {
  openFile: [
    inChat({ ...readAll, id: 'file', shows: 'AZ-07' }),
    own({
      expected: hidden,
      but: { owner: '200' },
      id: 'ownFile',
      shows: 'AZ-07',
    }),
  ],
  describeFile: [
    inChat({
      owner: forbidden,
      member: '200',
      visitor: forbidden,
      id: 'file',
      wish: () => ({ body: { alt: 'x' } }),
    }),
    own({
      expected: hidden,
      but: { owner: '200' },
      id: 'ownFile',
      wish: () => ({ body: { alt: 'x' } }),
    }),
  ],
  deleteFile: [
    inChat({ owner: hidden, member: hidden, visitor: hidden, id: 'file' }),
    own({ expected: hidden, but: { owner: '204' }, id: 'ownFile' }),
  ],
  listFileUrls: [
    own({
      expected: '200',
      wish: ({ file, ownFile }) => ({ query: { ids: [file, ownFile, nowhere] } }),
      shows: 'AZ-07, AZ-20',
    }),
  ],
  uploadFiles: [own({ expected: '201', wish: () => form })],
} satisfies Record<string, readonly Entry[]>
