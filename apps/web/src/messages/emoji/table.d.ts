/** Made at build time: see emoji-table.ts beside vite.config.ts. */
declare module 'parley-emoji' {
  export const table: string
}
