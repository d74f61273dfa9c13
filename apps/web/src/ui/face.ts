import { defineAsyncComponent } from 'vue'
import { firstView } from '../app/first-view.ts'

/** Lies over what stands for a person or a workspace otherwise. It comes once somebody has a picture. */
export const FaceImage = defineAsyncComponent(async () => {
  await firstView
  return import('./FaceImage.vue')
})
