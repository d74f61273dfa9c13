import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Whether the quick switcher is open: by its key, or by the button of the sidebar. */
export const useSwitcher = defineStore('switcher', () => ({ open: ref(false) }))
