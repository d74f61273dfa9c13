import { t } from '../../words/words.ts'

/** The part of the selection that lies in an element. */
function partIn(range: Range, element: Element): string {
  const part = document.createRange()
  part.selectNodeContents(element)
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0)
    part.setStart(range.startContainer, range.startOffset)
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0)
    part.setEnd(range.endContainer, range.endOffset)
  return part.toString().trim()
}

/** A selection over several messages is copied as a line for each: who, when, what. */
export function copyMessages(event: ClipboardEvent, list: Element): void {
  const selection = getSelection()
  if (!selection || selection.rangeCount === 0 || !event.clipboardData) return
  const range = selection.getRangeAt(0)
  const articles = [...list.querySelectorAll('article')].filter((one) => range.intersectsNode(one))
  if (articles.length < 2) return
  const lines = articles.flatMap((article) => {
    const text = article.querySelector('[data-text]')
    const part = text && range.intersectsNode(text) ? partIn(range, text) : ''
    if (part === '') return []
    const { author = '', time = '' } = article.dataset
    return [t('list.copied_line', { name: author, time, text: part })]
  })
  event.clipboardData.setData('text/plain', lines.join('\n'))
  event.preventDefault()
}
