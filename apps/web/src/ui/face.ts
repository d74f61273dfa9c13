import { type Component, defineAsyncComponent } from 'vue'
import { afterFirstView } from '../app/later.ts'

/** Lies over what stands for a person or a workspace otherwise. It comes once somebody has a picture. */
export const FaceImage = defineAsyncComponent<Component>(
  afterFirstView(() => import('./FaceImage.vue')),
)
