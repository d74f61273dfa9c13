import { type RouteRecordRaw, createRouter, createWebHistory } from 'vue-router'
import { useSession } from '../auth/session.ts'
import { lastPlace } from './last-place.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Also for whoever is not signed in. */
    open?: true
  }
}

const routes: RouteRecordRaw[] = [
  {
    path: '/signin',
    name: 'signin',
    component: () => import('../auth/SignInPage.vue'),
    meta: { open: true },
  },
  {
    path: '/signup',
    name: 'signup',
    component: () => import('../auth/SignUpPage.vue'),
    meta: { open: true },
  },
  {
    path: '/',
    component: () => import('./Shell.vue'),
    children: [
      { path: '', name: 'home', component: () => import('../workspaces/HomePage.vue') },
      {
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)',
        name: 'chat',
        component: () => import('../chats/ChatPage.vue'),
      },
      {
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)/m/:message(\\d+)',
        name: 'message',
        component: () => import('../chats/ChatPage.vue'),
      },
    ],
  },
]

export const router = createRouter({ history: createWebHistory(), routes })

/** Whoever is not signed in signs in first and comes back; whoever is does not see that page. */
router.beforeEach(async (to) => {
  const session = useSession()
  const signedIn = await session.restore()
  if (to.meta.open === true) return signedIn ? (lastPlace() ?? '/') : true
  return signedIn ? true : { name: 'signin', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
})
