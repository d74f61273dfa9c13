import { createPinia, setActivePinia } from 'pinia'

/** The stores' common ground. What comes before signing in has none, and is smaller for it. */
setActivePinia(createPinia())
