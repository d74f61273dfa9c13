import type { Plugin } from 'vite'

/** What a chat needs, that the page's first script would ask for only once it runs. */
const chunks = new Set(['app', 'full', 'en', 'de', 'ar'])

/**
 * Tells the page's first script what to load ahead for those who are signed in: `__AHEAD__` becomes
 * the addresses of the program, of its styles, and by language of its words.
 */
export function ahead(): Plugin {
  return {
    name: 'parley-ahead',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const found = { all: [] as string[], styles: [] as string[], words: {} as object }
        for (const file of Object.values(bundle ?? {})) {
          if (file.type === 'asset' && /\/app-.*\.css$/.test(file.fileName))
            found.styles.push(`/${file.fileName}`)
          if (file.type !== 'chunk' || !chunks.has(file.name)) continue
          const words = /\/src\/words\/(\w+)\.ts$/.exec(file.facadeModuleId ?? '')?.[1]
          if (words !== undefined) Object.assign(found.words, { [words]: `/${file.fileName}` })
          else if (file.name === 'app' || file.name === 'full') found.all.push(`/${file.fileName}`)
        }
        return html.replace('__AHEAD__', JSON.stringify(found))
      },
    },
  }
}
