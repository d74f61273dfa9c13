import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'

/** The program of those who are signed in. */
export async function mount(): Promise<void> {
  // Not before: a router reads the address when it is made, and this file is loaded ahead.
  const { router } = await import('./router.ts')
  // oxlint-disable-next-line typescript/no-unsafe-argument -- the linter does not read components; vue-tsc does
  createApp(App).use(createPinia()).use(router).mount('#app')
}
