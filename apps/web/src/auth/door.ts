import { createApp } from 'vue'
import { endBoot } from '../app/boot.ts'
import { start } from '../app/start.ts'
import DoorPages from './DoorPages.vue'

/** The program of those who are not signed in, or were invited: small, so that it is there at once. */
export function openDoor(): void {
  endBoot()
  // oxlint-disable-next-line typescript/no-unsafe-argument -- the linter does not read components; vue-tsc does
  const app = createApp(DoorPages, {
    async enter(path: string) {
      // The form goes and the address changes: so that password managers notice the success.
      history.replaceState(null, '', path)
      app.unmount()
      await start()
    },
  })
  app.mount('#app')
}
