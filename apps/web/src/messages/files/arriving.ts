import { onBeforeUnmount, onMounted, ref } from 'vue'

const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('Files') === true

/** Folders come as files that nobody can read. */
const filesIn = (data: DataTransfer): File[] =>
  [...data.items].flatMap((item) => {
    if (item.kind !== 'file' || item.webkitGetAsEntry()?.isDirectory === true) return []
    return item.getAsFile() ?? []
  })

/** Files that are pasted, or dropped anywhere in the window. Tells whether some are over it. */
export function useArriving(take: (files: readonly File[]) => unknown) {
  const over = ref(false)
  /** The elements that the files entered and did not leave. */
  let depth = 0
  const isBusy = () => document.querySelector('dialog[open]') !== null

  function onDrag(event: DragEvent): void {
    if (!hasFiles(event)) return
    // The browser would go to the file and leave the page.
    event.preventDefault()
    if (event.type === 'dragenter') depth++
    else if (event.type === 'dragleave') depth--
    if (event.dataTransfer) event.dataTransfer.dropEffect = isBusy() ? 'none' : 'copy'
    over.value = depth > 0 && !isBusy()
  }
  function onDrop(event: DragEvent): void {
    depth = 0
    over.value = false
    if (!hasFiles(event) || !event.dataTransfer) return
    event.preventDefault()
    if (!isBusy()) take(filesIn(event.dataTransfer))
  }
  function onPaste(event: ClipboardEvent): void {
    const { clipboardData: data, target } = event
    const elsewhere = target instanceof Element && target.matches('input, dialog *')
    // What has a text beside its picture is meant as the text.
    if (!data || elsewhere || isBusy() || data.types.includes('text/plain')) return
    const files = filesIn(data)
    if (files.length === 0) return
    event.preventDefault()
    take(files)
  }

  const stop = new AbortController()
  onMounted(() => {
    const { signal } = stop
    for (const type of ['dragenter', 'dragover', 'dragleave'] as const)
      addEventListener(type, onDrag, { signal })
    addEventListener('drop', onDrop, { signal })
    document.addEventListener('paste', onPaste, { signal })
  })
  onBeforeUnmount(() => stop.abort())
  return over
}
