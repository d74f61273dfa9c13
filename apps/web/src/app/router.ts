import { type RouteRecordRaw, createRouter, createWebHistory } from 'vue-router'
import { useSession } from '../auth/session.ts'
import { destination } from '../auth/destination.ts'
import { allWords } from '../words/words.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** For whoever is not signed in, and with `all` for everybody. */
    open?: true | 'all'
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
    path: '/i/:code',
    name: 'invite',
    component: () => import('../auth/InvitePage.vue'),
    meta: { open: 'all' },
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
    ],
  },
]

export const router = createRouter({ history: createWebHistory(), routes })

/** What a person needs once signed in; the sign-in page loads it when it has nothing else to do. */
export const loadShell = (): Promise<unknown> =>
  Promise.all([allWords(), import('./stores.ts'), import('./Shell.vue')])

/** Whoever is not signed in signs in first and comes back; whoever is does not see that page. */
router.beforeEach(async (to) => {
  const session = useSession()
  const signedIn = session.me !== undefined
  if (to.meta.open === 'all') return true
  if (to.meta.open === true) return signedIn ? destination(to.query) : true
  if (!signedIn) return { name: 'signin', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
  await loadShell()
  return true
})
