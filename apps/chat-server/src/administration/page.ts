/** A page of rows of which one more was asked for than it holds. */
export const pageOf = <Row>(rows: Row[], limit: number): { rows: Row[]; has_more: boolean } => ({
  rows: rows.slice(0, limit),
  has_more: rows.length > limit,
})
