/** A message of one's own that no event has told of yet. */
export interface Pending {
  readonly nonce: string
  readonly chat_id: number
  readonly content: string
  readonly created_at: string
  readonly state: 'sending' | 'waiting' | 'failed'
}
