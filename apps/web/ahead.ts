import type { Plugin } from 'vite'

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
          if (file.type !== 'chunk') continue
          const words = /\/src\/words\/([a-z]{2})\.ts$/.exec(file.facadeModuleId ?? '')?.[1]
          if (words !== undefined) Object.assign(found.words, { [words]: `/${file.fileName}` })
          if (file.name !== 'app' && file.name !== 'full') continue
          found.all.push(`/${file.fileName}`)
          for (const style of file.viteMetadata?.importedCss ?? []) found.styles.push(`/${style}`)
        }
        return html.replace('__AHEAD__', JSON.stringify(found))
      },
    },
  }
}
