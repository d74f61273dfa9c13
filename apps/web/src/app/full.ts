import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { makeRouter } from './router.ts'

/** The program of those who are signed in. */
export function mount(): void {
  // oxlint-disable-next-line typescript/no-unsafe-argument -- the linter does not read components; vue-tsc does
  createApp(App).use(createPinia()).use(makeRouter()).mount('#app')
}
