import type { Sharp } from 'sharp'

/** How EXIF's eight orientations are undone: mirrored left to right first, then turned. */
const undo: Readonly<Record<number, { mirror: boolean; turn: 0 | 90 | 180 | 270 }>> = {
  1: { mirror: false, turn: 0 },
  2: { mirror: true, turn: 0 },
  3: { mirror: false, turn: 180 },
  4: { mirror: true, turn: 180 },
  5: { mirror: true, turn: 270 },
  6: { mirror: false, turn: 90 },
  7: { mirror: true, turn: 90 },
  8: { mirror: false, turn: 270 },
}

/** Whether width and height change places. */
export const liesOnSide = (orientation: number): boolean => orientation >= 5 && orientation <= 8

export function upright(picture: Sharp, orientation: number): Sharp {
  const { mirror, turn } = undo[orientation] ?? { mirror: false, turn: 0 }
  return turn === 0 ? picture.flop(mirror) : picture.flop(mirror).rotate(turn)
}
