import encode from 'qr'

/** Modules that stay light around the code: ISO/IEC 18004, 9.1. */
const quiet = 4

/** A QR code as the path of its dark modules, one unit each, and how many units its side has. */
export function qrPath(text: string): { path: string; side: number } {
  const rows = encode(text, 'raw', { border: quiet })
  const runs = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1] === true) return []
      const end = row.indexOf(false, x)
      return [`M${x} ${y}h${(end === -1 ? row.length : end) - x}v1H${x}z`]
    }),
  )
  return { path: runs.join(''), side: rows.length }
}
