import { ref } from 'vue'

export type Allowed = NotificationPermission | 'unsupported'

const now = (): Allowed => ('Notification' in window ? Notification.permission : 'unsupported')

const allowed = ref<Allowed>(now())

/** Whether the browser shows notifications from here. */
export const usePermission = () => ({
  allowed,
  /** Only after a click: a browser blocks who asks unbidden. */
  async ask(): Promise<void> {
    if ('Notification' in window) await Notification.requestPermission()
    allowed.value = now()
  },
})
