import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { ahead } from './ahead.ts'
import { chunks } from './chunks.ts'
import { commonPasswords } from './common-passwords.ts'
import { contractNames } from './contract-names.ts'
import { emojiTable } from './emoji-table.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
/** Pinia's other build brings tools for its makers along, which no bundler can take out. */
const pinia = fileURLToPath(new URL('pinia.esm-browser.prod.js', import.meta.resolve('pinia')))
const api = process.env['PARLEY_API'] ?? 'http://localhost:6688'

export default defineConfig(({ command }) => ({
  root: at('.'),
  resolve: { alias: command === 'build' ? { pinia } : {} },
  plugins: [ahead(), contractNames(), emojiTable(), commonPasswords(), vue(), tailwindcss()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  server: {
    port: 1420,
    strictPort: true,
    host: 'localhost',
    proxy: { '/api': { target: api }, '/docs': { target: api }, '/exports': { target: api } },
  },
  build: {
    target: 'es2023',
    // For budgets.ts, which weighs what is loaded together.
    manifest: true,
    // The policy allows no data: URL and no script that stands in a page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: chunks() } } },
  },
}))
