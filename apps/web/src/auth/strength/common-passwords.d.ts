/** Made at build time: see common-passwords.ts beside vite.config.ts. */
declare module 'parley-common-passwords' {
  /** With a space between two. */
  export const words: string
  export const graphs: Readonly<Record<string, Record<string, (string | null)[]>>>
}
