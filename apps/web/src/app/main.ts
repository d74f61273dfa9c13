import { createApp } from 'vue'
import '../styles/main.css'
import App from './App.vue'
import { showLocale, wantedLocale } from '../words/words.ts'
import { router } from './router.ts'

await showLocale(wantedLocale()).catch(() => undefined)
// oxlint-disable-next-line typescript/no-unsafe-argument -- the linter does not read components; vue-tsc does
createApp(App).use(router).mount('#app')
