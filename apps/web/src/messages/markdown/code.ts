import { type VNode, defineComponent, h, onMounted, shallowRef } from 'vue'

export type CodeKind =
  | 'keyword'
  | 'string'
  | 'number'
  | 'function'
  | 'type'
  | 'comment'
  | 'removed'
  | 'added'
export interface CodePiece {
  text: string
  kind?: CodeKind | undefined
}

/** What was highlighted, by language and code: rows come and go as one scrolls. */
const done = new Map<string, readonly CodePiece[] | undefined>()
const mostKept = 200
const keyOf = (code: string, language: string): string => `${language}\n${code}`

async function highlighted(code: string, language: string) {
  const { highlight } = await import('./highlight.ts')
  const found = highlight(code, language)
  if (done.size >= mostKept) done.clear()
  done.set(keyOf(code, language), found)
  return found
}

/** Resolves when the page has been drawn and has nothing more urgent to do. */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis)
      requestIdleCallback(() => resolve(), { timeout: 1_000 })
    else setTimeout(resolve, 50)
  })

/** Code as text, and in colours once they are known: they change no size. */
export const CodeText = defineComponent(
  ({ text, language }: { text: string; language: string }) => {
    const key = keyOf(text, language)
    const pieces = shallowRef(done.get(key))
    async function colour(): Promise<void> {
      await idle()
      // Without its colours it is code all the same.
      pieces.value = await highlighted(text, language).catch(() => undefined)
    }
    onMounted(() => {
      if (language !== '' && !done.has(key)) void colour()
    })
    return (): VNode =>
      h(
        'code',
        pieces.value?.map((piece) =>
          piece.kind === undefined
            ? piece.text
            : h('span', { class: `hl-${piece.kind}` }, piece.text),
        ) ?? text,
      )
  },
  { props: ['text', 'language'] },
)
