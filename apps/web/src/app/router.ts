import { type RouteRecordRaw, type Router, createRouter, createWebHistory } from 'vue-router'
import { later } from './later.ts'
import ChatPage from '../chats/ChatPage.vue'
import Shell from './Shell.vue'

/* oxlint-disable typescript/no-unsafe-assignment -- the linter does not read components; vue-tsc does */

const routes: RouteRecordRaw[] = [
  {
    path: '/',
    component: Shell,
    children: [
      { path: '', name: 'home', component: later(() => import('../workspaces/HomePage.vue')) },
      {
        path: 'w/:workspace(\\d+)',
        name: 'workspace',
        component: later(() => import('../workspaces/WorkspacePage.vue')),
      },
      {
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)',
        name: 'chat',
        component: ChatPage,
      },
      {
        // The list jumps to the message; all else is as without it.
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)/m/:message(\\d+)',
        name: 'message',
        component: ChatPage,
      },
      {
        path: 'w/:workspace(\\d+)/dm/:user(\\d+)',
        name: 'direct',
        component: later(() => import('../chats/DirectPage.vue')),
      },
      {
        path: 'w/:workspace(\\d+)/browse',
        name: 'browse',
        component: later(() => import('../chats/BrowsePage.vue')),
      },
      {
        path: 'w/:workspace(\\d+)/people',
        name: 'people',
        component: later(() => import('../workspaces/PeoplePage.vue')),
      },
      {
        path: 'settings/:page?',
        name: 'settings',
        component: later(() => import('../settings/SettingsPage.vue')),
      },
      {
        path: ':rest(.*)*',
        name: 'nowhere',
        component: later(() => import('./NotFoundPage.vue')),
      },
    ],
  },
]

/**
 * Of those who are signed in; who is not has another program (auth/door.ts). It goes to the place
 * that the address names when it is made.
 */
export const makeRouter = (): Router => createRouter({ history: createWebHistory(), routes })
