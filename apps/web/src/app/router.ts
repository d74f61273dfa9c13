import { type RouteRecordRaw, createRouter, createWebHistory } from 'vue-router'
import { useSession } from '../auth/session.ts'
import { lastPlace } from './last-place.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Also for whoever is not signed in. */
    open?: true
  }
}

/** One component for both, so that going from one to the other leaves the page as it is. */
const chatPage = () => import('../chats/ChatPage.vue')

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
        path: 'w/:workspace(\\d+)',
        name: 'workspace',
        component: () => import('../workspaces/WorkspacePage.vue'),
      },
      {
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)',
        name: 'chat',
        component: chatPage,
      },
      {
        // The list jumps to the message; all else is as without it.
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)/m/:message(\\d+)',
        name: 'message',
        component: chatPage,
      },
      {
        path: 'w/:workspace(\\d+)/dm/:user(\\d+)',
        name: 'direct',
        component: () => import('../chats/DirectPage.vue'),
      },
      {
        path: 'w/:workspace(\\d+)/browse',
        name: 'browse',
        component: () => import('../chats/BrowsePage.vue'),
      },
      {
        path: 'settings/:page?',
        name: 'settings',
        component: () => import('../settings/SettingsPage.vue'),
      },
      {
        path: ':rest(.*)*',
        name: 'nowhere',
        component: () => import('./NotFoundPage.vue'),
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
